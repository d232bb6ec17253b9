// Finding the descriptor, and the place in the tree, that a call may work on.
#pragma once

#include <string_view>

#include "wasi/descriptor_table.h"
#include "wasi/errno.h"
#include "wasi/guest_memory.h"
#include "wasi/host.h"
#include "wasi/lookup.h"
#include "wasi/types.h"

namespace plasm::wasi {

// A regular file with all of `needed`. Else kBadf (not open, a folder, a stream), or
// `on_stream` for a stream. A missing right is kBadf for reading and writing, which are what
// the file was opened for, and kNotcapable otherwise.
ErrnoOr<Descriptor*> FileAt(Host& host, Fd fd, rights::Mask needed, Errno on_stream = Errno::kBadf);

// A folder with all of `needed`. Else kBadf (not open, a stream), kNotdir (a file),
// kNotcapable (rights).
ErrnoOr<Descriptor*> DirectoryAt(Host& host, Fd fd, rights::Mask needed);

// The bytes of a path argument, not yet looked at; kFault when they lie outside.
ErrnoOr<std::string_view> PathArgument(GuestMemory memory, Pointer path, Size length);

// kNametoolong, kIlseq (not UTF-8), kInval (NUL inside), kNoent (empty).
Errno CheckPath(std::string_view path);

// Checks `path` and resolves it from the folder behind `directory`.
ErrnoOr<Lookup> LookUp(Host& host, const Descriptor& directory, std::string_view path,
                       FinalLink final_link);

// What an existing path names: kNoent when there is nothing, kNotdir when the path ends in a
// slash and it is not a folder.
ErrnoOr<NodeId> Existing(Host& host, const Lookup& lookup);

}  // namespace plasm::wasi
