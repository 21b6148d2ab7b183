'use strict';
(function () {
    const data = JSON.parse(document.getElementById('data').textContent);
    const by = id => document.getElementById(id);
    const picture = by('picture'), slider = by('slider'), list = by('steps');
    let chapter = 0, beat = 0, quiz = false, revealed = false, playing = 0, before = new Set();

    const beats = () => data.chapters[chapter].beats;

    // What was not in the picture before fades in.
    function draw(items) {
        picture.innerHTML = items.map(n => data.items[n]).join('');
        const nodes = Array.from(picture.querySelectorAll('rect,line,text'));
        if (before.size > 0)
            for (const node of nodes)
                if (!before.has(node.outerHTML))
                    node.classList.add('appears');
        before = new Set(Array.from(picture.querySelectorAll('rect,line,text'), node => {
            const copy = node.cloneNode(true);
            copy.removeAttribute('class');
            return copy.outerHTML;
        }));
    }

    function show() {
        const b = beats()[beat], hide = quiz && !revealed;
        draw(hide ? b.quiz : b.picture);
        by('say').textContent = hide ? b.asks : b.says;
        by('at').textContent = (beat + 1) + ' of ' + beats().length;
        slider.max = beats().length - 1;
        slider.value = beat;
        slider.setAttribute('aria-valuetext', 'step ' + (beat + 1) + ', ' + b.phase);
        by('first').disabled = by('previous').disabled = beat === 0;
        by('last').disabled = by('next').disabled = beat === beats().length - 1 && !hide;
        by('reveal').disabled = !hide;
        Array.from(list.children).forEach((item, n) => {
            if (n === beat)
                item.setAttribute('aria-current', 'step');
            else
                item.removeAttribute('aria-current');
        });
    }

    function go(to) {
        beat = Math.max(0, Math.min(beats().length - 1, to));
        revealed = false;
        show();
    }

    // In a quiz the next step first uncovers what is covered.
    function next() {
        if (quiz && !revealed) {
            revealed = true;
            show();
        } else if (beat < beats().length - 1) {
            go(beat + 1);
        } else {
            stop();
        }
    }

    function phase(direction) {
        let to = beat;
        const name = beats()[beat].phase;
        while (beats()[to + direction] && beats()[to].phase === name)
            to += direction;
        while (direction < 0 && to > 0 && beats()[to - 1].phase === beats()[to].phase)
            to--;
        go(to);
    }

    function stop() {
        clearInterval(playing);
        playing = 0;
        by('play').setAttribute('aria-pressed', 'false');
    }

    function play() {
        if (playing)
            return stop();
        if (beat === beats().length - 1)
            go(0);
        playing = setInterval(next, 1500);
        by('play').setAttribute('aria-pressed', 'true');
    }

    function turnQuiz() {
        quiz = !quiz;
        revealed = false;
        by('quiz').setAttribute('aria-pressed', String(quiz));
        show();
    }

    function open(number) {
        stop();
        chapter = number;
        before = new Set();
        by('title').textContent = data.chapters[chapter].title;
        by('name').textContent = data.chapters[chapter].title;
        list.replaceChildren(...beats().map((b, n) => {
            const item = document.createElement('li');
            item.textContent = b.says;
            item.addEventListener('click', () => go(n));
            return item;
        }));
        go(0);
    }

    const actions = {
        first: () => go(0), previous: () => go(beat - 1), next, last: () => go(beats().length - 1),
        play, quiz: turnQuiz, reveal: next,
    };
    for (const name in actions)
        by(name).addEventListener('click', actions[name]);
    slider.addEventListener('input', () => go(Number(slider.value)));
    by('chapter').replaceChildren(...data.chapters.map((c, n) => new Option(c.title, n)));
    by('chapter').parentElement.hidden = data.chapters.length < 2;
    by('chapter').addEventListener('change', () => open(Number(by('chapter').value)));

    const keys = {
        ArrowRight: next, ArrowLeft: () => go(beat - 1), PageDown: () => phase(1), PageUp: () => phase(-1),
        Home: () => go(0), End: () => go(beats().length - 1), ' ': play, q: turnQuiz, Enter: next,
    };
    document.addEventListener('keydown', event => {
        const inside = event.target.closest('button,select,input,summary');
        if (event.ctrlKey || event.altKey || event.metaKey || !keys[event.key])
            return;
        if (inside && (event.key === ' ' || event.key === 'Enter' || inside.matches('select,input')))
            return;
        event.preventDefault();
        keys[event.key]();
    });
    by('lesson').hidden = false;
    open(0);
})();
