// The preview1 functions as C++ functions with typed parameters; call.cc binds them to the
// raw table. Every one of them:
//   - checks all memory that it would read or write first, and returns kFault with nothing
//     done when any of it lies outside;
//   - then checks flags and enumerations (kInval), then descriptors and rights;
//   - stores results only on success.
// The full order is in spec/profile-det-1.md.
#pragma once

#include <cstdint>

#include "wasi/call.h"
#include "wasi/errno.h"
#include "wasi/guest_memory.h"
#include "wasi/types.h"

namespace plasm::wasi::calls {

// Arguments, environment (calls_process.cc also: exit, signals, yield, random, sockets)
Errno ArgsGet(Host&, GuestMemory, Pointer argv, Pointer buffer) noexcept;
Errno ArgsSizesGet(Host&, GuestMemory, Pointer count, Pointer bytes) noexcept;
Errno EnvironGet(Host&, GuestMemory, Pointer environ, Pointer buffer) noexcept;
Errno EnvironSizesGet(Host&, GuestMemory, Pointer count, Pointer bytes) noexcept;
CallResult ProcExit(Host&, GuestMemory, std::uint32_t code) noexcept;
CallResult ProcRaise(Host&, GuestMemory, std::uint32_t signal) noexcept;
Errno SchedYield(Host&, GuestMemory) noexcept;
Errno RandomGet(Host&, GuestMemory, Pointer buffer, Size length) noexcept;
Errno SockAccept(Host&, GuestMemory, Fd, std::uint32_t flags, Pointer result) noexcept;
Errno SockRecv(Host&, GuestMemory, Fd, Pointer list, Size count, std::uint32_t flags, Pointer size,
               Pointer out_flags) noexcept;
Errno SockSend(Host&, GuestMemory, Fd, Pointer list, Size count, std::uint32_t flags,
               Pointer size) noexcept;
Errno SockShutdown(Host&, GuestMemory, Fd, std::uint32_t how) noexcept;

// Clocks and waiting
Errno ClockResGet(Host&, GuestMemory, std::uint32_t id, Pointer result) noexcept;
Errno ClockTimeGet(Host&, GuestMemory, std::uint32_t id, std::uint64_t precision,
                   Pointer result) noexcept;
Errno PollOneoff(Host&, GuestMemory, Pointer in, Pointer out, Size count, Pointer result) noexcept;

// Bytes of files and streams
CallResult FdRead(Host&, GuestMemory, Fd, Pointer list, Size count, Pointer result) noexcept;
CallResult FdPread(Host&, GuestMemory, Fd, Pointer list, Size count, std::uint64_t offset,
                   Pointer result) noexcept;
CallResult FdWrite(Host&, GuestMemory, Fd, Pointer list, Size count, Pointer result) noexcept;
CallResult FdPwrite(Host&, GuestMemory, Fd, Pointer list, Size count, std::uint64_t offset,
                    Pointer result) noexcept;
Errno FdSeek(Host&, GuestMemory, Fd, std::int64_t offset, std::uint32_t whence,
             Pointer result) noexcept;
Errno FdTell(Host&, GuestMemory, Fd, Pointer result) noexcept;
Errno FdAdvise(Host&, GuestMemory, Fd, std::uint64_t offset, std::uint64_t length,
               std::uint32_t advice) noexcept;
Errno FdAllocate(Host&, GuestMemory, Fd, std::uint64_t offset, std::uint64_t length) noexcept;
Errno FdDatasync(Host&, GuestMemory, Fd) noexcept;
Errno FdSync(Host&, GuestMemory, Fd) noexcept;

// Descriptors and what is known about them
Errno FdClose(Host&, GuestMemory, Fd) noexcept;
Errno FdRenumber(Host&, GuestMemory, Fd from, Fd to) noexcept;
Errno FdFdstatGet(Host&, GuestMemory, Fd, Pointer result) noexcept;
Errno FdFdstatSetFlags(Host&, GuestMemory, Fd, std::uint32_t flags) noexcept;
Errno FdFdstatSetRights(Host&, GuestMemory, Fd, std::uint64_t base,
                        std::uint64_t inheriting) noexcept;
Errno FdFilestatGet(Host&, GuestMemory, Fd, Pointer result) noexcept;
Errno FdFilestatSetSize(Host&, GuestMemory, Fd, std::uint64_t size) noexcept;
Errno FdFilestatSetTimes(Host&, GuestMemory, Fd, std::uint64_t accessed, std::uint64_t modified,
                         std::uint32_t flags) noexcept;
Errno FdPrestatGet(Host&, GuestMemory, Fd, Pointer result) noexcept;
Errno FdPrestatDirName(Host&, GuestMemory, Fd, Pointer path, Size length) noexcept;
Errno FdReaddir(Host&, GuestMemory, Fd, Pointer buffer, Size length, std::uint64_t cookie,
                Pointer result) noexcept;

// Paths
Errno PathOpen(Host&, GuestMemory, Fd, std::uint32_t lookup, Pointer path, Size length,
               std::uint32_t open_flags, std::uint64_t base, std::uint64_t inheriting,
               std::uint32_t fd_flags, Pointer result) noexcept;
Errno PathFilestatGet(Host&, GuestMemory, Fd, std::uint32_t lookup, Pointer path, Size length,
                      Pointer result) noexcept;
Errno PathFilestatSetTimes(Host&, GuestMemory, Fd, std::uint32_t lookup, Pointer path, Size length,
                           std::uint64_t accessed, std::uint64_t modified,
                           std::uint32_t flags) noexcept;
Errno PathReadlink(Host&, GuestMemory, Fd, Pointer path, Size length, Pointer buffer,
                   Size buffer_length, Pointer result) noexcept;
Errno PathCreateDirectory(Host&, GuestMemory, Fd, Pointer path, Size length) noexcept;
Errno PathRemoveDirectory(Host&, GuestMemory, Fd, Pointer path, Size length) noexcept;
Errno PathUnlinkFile(Host&, GuestMemory, Fd, Pointer path, Size length) noexcept;
Errno PathSymlink(Host&, GuestMemory, Pointer target, Size target_length, Fd, Pointer path,
                  Size length) noexcept;
Errno PathLink(Host&, GuestMemory, Fd old_fd, std::uint32_t lookup, Pointer old_path,
               Size old_length, Fd new_fd, Pointer new_path, Size new_length) noexcept;
Errno PathRename(Host&, GuestMemory, Fd old_fd, Pointer old_path, Size old_length, Fd new_fd,
                 Pointer new_path, Size new_length) noexcept;

}  // namespace plasm::wasi::calls
