/* sdl: SDL 2 and SDL_ttf, loaded when somebody wants to draw: the sixty libraries that hang on them
 * would make every other command start in three times the time. */
#ifndef DEBUGGER_GUI_SDL_H
#define DEBUGGER_GUI_SDL_H

#include <SDL.h>
#include <SDL_ttf.h>
#include <stdbool.h>

struct sdl {
#define CALLED(name) __typeof__(name) *name;
#include "debugger/gui/sdl.def"
#undef CALLED
};

/* The host's libraries, one for the whole process; empty before sdl_load. */
extern struct sdl sdl;

/* Before anything else of SDL is called. False: they are not there; *why says so. */
bool sdl_load(const char **why);

/* A call is one through the table. */
#define SDL_CreateRGBSurfaceWithFormat sdl.SDL_CreateRGBSurfaceWithFormat
#define SDL_CreateRenderer             sdl.SDL_CreateRenderer
#define SDL_CreateTexture              sdl.SDL_CreateTexture
#define SDL_CreateWindow               sdl.SDL_CreateWindow
#define SDL_Delay                      sdl.SDL_Delay
#define SDL_DestroyRenderer            sdl.SDL_DestroyRenderer
#define SDL_DestroyTexture             sdl.SDL_DestroyTexture
#define SDL_DestroyWindow              sdl.SDL_DestroyWindow
#define SDL_FillRect                   sdl.SDL_FillRect
#define SDL_FreeSurface                sdl.SDL_FreeSurface
#define SDL_GetCurrentVideoDriver      sdl.SDL_GetCurrentVideoDriver
#define SDL_GetHint                    sdl.SDL_GetHint
#define SDL_GetMouseState              sdl.SDL_GetMouseState
#define SDL_GetRendererOutputSize      sdl.SDL_GetRendererOutputSize
#define SDL_GetTicks64                 sdl.SDL_GetTicks64
#define SDL_GetWindowSize              sdl.SDL_GetWindowSize
#define SDL_GetWindowSurface           sdl.SDL_GetWindowSurface
#define SDL_Init                       sdl.SDL_Init
#define SDL_IntersectRect              sdl.SDL_IntersectRect
#define SDL_PollEvent                  sdl.SDL_PollEvent
#define SDL_Quit                       sdl.SDL_Quit
#define SDL_RWFromFile                 sdl.SDL_RWFromFile
#define SDL_RWclose                    sdl.SDL_RWclose
#define SDL_RenderCopy                 sdl.SDL_RenderCopy
#define SDL_RenderPresent              sdl.SDL_RenderPresent
#define SDL_SetHint                    sdl.SDL_SetHint
#define SDL_SetWindowFullscreen        sdl.SDL_SetWindowFullscreen
#define SDL_StartTextInput             sdl.SDL_StartTextInput
#define SDL_UpdateTexture              sdl.SDL_UpdateTexture
#define SDL_UpdateWindowSurfaceRects   sdl.SDL_UpdateWindowSurfaceRects
#define TTF_CloseFont                  sdl.TTF_CloseFont
#define TTF_FontHeight                 sdl.TTF_FontHeight
#define TTF_GlyphMetrics32             sdl.TTF_GlyphMetrics32
#define TTF_Init                       sdl.TTF_Init
#define TTF_OpenFont                   sdl.TTF_OpenFont
#define TTF_Quit                       sdl.TTF_Quit
#define TTF_RenderUTF8_Shaded          sdl.TTF_RenderUTF8_Shaded
#define TTF_SetFontHinting             sdl.TTF_SetFontHinting

#endif
