// Arguments, environment, the process itself, randomness, and the sockets that there are not.
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "wasi/calls.h"
#include "wasi/host.h"

namespace plasm::wasi::calls {
namespace {

// Bytes of all strings with a NUL after each.
std::uint64_t TotalBytes(const std::vector<std::string>& strings) {
  std::uint64_t total = 0;
  for (const std::string& text : strings) total += text.size() + 1;
  return total;
}

Errno StoreSizes(const std::vector<std::string>& strings, GuestMemory memory, Pointer count,
                 Pointer bytes) {
  if (!memory.Slice(count, 4) || !memory.Slice(bytes, 4)) return Errno::kFault;
  const std::uint64_t total = TotalBytes(strings);
  if (strings.size() > std::numeric_limits<Size>::max() ||
      total > std::numeric_limits<Size>::max()) {
    return Errno::kOverflow;
  }
  memory.Store(count, static_cast<Size>(strings.size()));
  memory.Store(bytes, static_cast<Size>(total));
  return Errno::kSuccess;
}

Errno StoreStrings(const std::vector<std::string>& strings, GuestMemory memory, Pointer table,
                   Pointer buffer) {
  const auto room = memory.Slice(buffer, TotalBytes(strings));
  if (!room || !memory.Slice(table, std::uint64_t{4} * strings.size())) return Errno::kFault;
  std::size_t used = 0;
  for (std::size_t i = 0; i < strings.size(); ++i) {
    memory.Store(table + static_cast<Pointer>(4 * i), buffer + static_cast<Pointer>(used));
    std::memcpy(room->data() + used, strings[i].c_str(), strings[i].size() + 1);
    used += strings[i].size() + 1;
  }
  return Errno::kSuccess;
}

Errno NoSocket(Host& host, Fd fd) {
  return host.descriptors().Get(fd) ? Errno::kNotsock : Errno::kBadf;
}

}  // namespace

Errno ArgsGet(Host& host, GuestMemory memory, Pointer argv, Pointer buffer) noexcept {
  return StoreStrings(host.args(), memory, argv, buffer);
}

Errno ArgsSizesGet(Host& host, GuestMemory memory, Pointer count, Pointer bytes) noexcept {
  return StoreSizes(host.args(), memory, count, bytes);
}

Errno EnvironGet(Host& host, GuestMemory memory, Pointer environ, Pointer buffer) noexcept {
  return StoreStrings(host.env(), memory, environ, buffer);
}

Errno EnvironSizesGet(Host& host, GuestMemory memory, Pointer count, Pointer bytes) noexcept {
  return StoreSizes(host.env(), memory, count, bytes);
}

CallResult ProcExit(Host&, GuestMemory, std::uint32_t code) noexcept {
  return {CallResult::Kind::kExit, code};
}

CallResult ProcRaise(Host&, GuestMemory, std::uint32_t signal) noexcept {
  const auto returns = [](Errno error) {
    return CallResult{CallResult::Kind::kReturn, static_cast<std::uint32_t>(error)};
  };
  constexpr std::uint32_t kNone = 0, kPipe = 13, kChld = 16, kCont = 17, kStop = 18, kTtou = 21,
                          kUrg = 22, kWinch = 27, kSys = 30;
  if (signal > kSys) return returns(Errno::kInval);
  switch (signal) {
    case kNone:
    case kPipe:
    case kChld:
    case kCont:
    case kUrg:
    case kWinch:
      return returns(Errno::kSuccess);  // ignored by default, and handlers do not exist
    default:
      break;
  }
  // A guest that stops could never be continued.
  if (signal >= kStop && signal <= kTtou) return returns(Errno::kNotsup);
  return {CallResult::Kind::kAbort, signal};
}

Errno SchedYield(Host&, GuestMemory) noexcept { return Errno::kSuccess; }

Errno RandomGet(Host& host, GuestMemory memory, Pointer buffer, Size length) noexcept {
  const auto out = memory.Slice(buffer, length);
  if (!out) return Errno::kFault;
  host.FillRandom(*out);
  return Errno::kSuccess;
}

Errno SockAccept(Host& host, GuestMemory, Fd fd, std::uint32_t, Pointer) noexcept {
  return NoSocket(host, fd);
}

Errno SockRecv(Host& host, GuestMemory, Fd fd, Pointer, Size, std::uint32_t, Pointer,
               Pointer) noexcept {
  return NoSocket(host, fd);
}

Errno SockSend(Host& host, GuestMemory, Fd fd, Pointer, Size, std::uint32_t, Pointer) noexcept {
  return NoSocket(host, fd);
}

Errno SockShutdown(Host& host, GuestMemory, Fd fd, std::uint32_t) noexcept {
  return NoSocket(host, fd);
}

}  // namespace plasm::wasi::calls
