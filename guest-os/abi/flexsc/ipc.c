/*
 * Messages from one process to another, as JOS sends them: a word for who waits for one.
 * ipc_try_send() never waits; it fails while the other process is not in ipc_recv().
 */
#include "abi/flexsc/flexsc_kernel.h"
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/proc.h"
#include "kernel/syscall.h"

enum { NO_PAGE = 0x7fffffff }; /* an address from here on (JOS's UTOP) sends no page */

/* By slot of the process table. */
static struct mailbox {
    bool receiving;
    bool full;
    struct ipc_message message;
} mailboxes[NPROC];

static struct spinlock ipc_lock = {.name = "ipc"};

static struct mailbox *mailbox_of(const struct proc *leader)
{
    return &mailboxes[leader - proc];
}

/* A process ends or runs another program: nobody is waiting for a message there any more. */
void ipc_leave(struct proc *leader)
{
    acquire(&ipc_lock);
    *mailbox_of(leader) = (struct mailbox){.receiving = false};
    release(&ipc_lock);
}

/* ipc_try_send(envid, value, srcva, perm): 0, or EAGAIN while nobody receives. Pages are not sent.
 */
int sys_ipc_try_send(void)
{
    int pid, value, page, result = 0;
    struct proc *to;
    struct mailbox *box;

    if (argint(0, &pid) < 0 || argint(1, &value) < 0 || argint(2, &page) < 0)
        return -1;
    if ((uint32_t)page < NO_PAGE)
        return error(EINVAL);
    acquire(&ipc_lock);
    to = proc_find(pid);
    box = to ? mailbox_of(to->leader) : NULL;
    if (!box) {
        result = error(ESRCH);
    } else if (!box->receiving || box->full) {
        result = error(EAGAIN);
    } else {
        box->full = true;
        box->message = (struct ipc_message){myproc()->leader->pid, (uint32_t)value};
        wakeup(box);
    }
    release(&ipc_lock);
    return result;
}

/* ipc_recv(struct ipc_message *): waits for a message and puts it there. */
int sys_ipc_recv(void)
{
    struct mailbox *box = mailbox_of(myproc()->leader);
    struct ipc_message message;
    uint32_t address;

    if (argout(0, &address, sizeof message) < 0)
        return -1;
    acquire(&ipc_lock);
    box->receiving = true;
    while (!box->full) {
        if (must_give_up()) {
            release(&ipc_lock);
            return -1;
        }
        sleep(box, &ipc_lock);
    }
    message = box->message;
    box->receiving = box->full = false;
    release(&ipc_lock);
    return copyout(address, &message, sizeof message);
}
