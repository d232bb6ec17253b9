// Reading and writing.
#include <algorithm>
#include <cstdint>
#include <limits>

#include "wasi/access.h"
#include "wasi/calls.h"
#include "wasi/iovec.h"

namespace plasm::wasi::calls {
namespace {

constexpr std::uint64_t kMaxOffset = std::numeric_limits<std::int64_t>::max();

CallResult Returns(Errno error) {
  return {CallResult::Kind::kReturn, static_cast<std::uint32_t>(error)};
}

CallResult ReturnsSize(GuestMemory memory, Pointer result, std::uint64_t size) {
  memory.Store(result, static_cast<Size>(size));
  return Returns(Errno::kSuccess);
}

// The list and the result's place, checked in that order.
ErrnoOr<IoVectors> ParseTransfer(GuestMemory memory, Pointer list, Size count, Pointer result) {
  if (!memory.Slice(result, sizeof(Size))) return Errno::kFault;
  return IoVectors::Parse(memory, list, count);
}

std::uint64_t ReadFile(Host& host, NodeId file, const IoVectors& vectors, std::uint64_t offset) {
  const FileContents& contents = *host.tree().at(file).file();
  std::uint64_t done = 0;
  for (Size i = 0; i < vectors.count(); ++i) {
    const std::span<std::byte> buffer = vectors.at(i);
    const std::size_t got = contents.Read(offset + done, buffer);
    done += got;
    if (got < buffer.size()) break;
  }
  return done;
}

// Under kDet1 a read is short only at the end of input, so that it cannot show how the
// input arrived; under kLive it returns what one read of the stream gives.
std::uint64_t ReadStdin(Host& host, const IoVectors& vectors) {
  std::uint64_t done = 0;
  for (Size i = 0; i < vectors.count(); ++i) {
    std::span<std::byte> buffer = vectors.at(i);
    while (!buffer.empty()) {
      const std::size_t got = host.streams().Read(buffer);
      done += got;
      if (got == 0 || host.profile() == Profile::kLive) return done;
      buffer = buffer.subspan(got);
    }
  }
  return done;
}

// All bytes or none: a write is never short.
ErrnoOr<std::uint64_t> WriteFile(Host& host, NodeId file, const IoVectors& vectors,
                                 std::uint64_t offset) {
  if (vectors.total() == 0) return std::uint64_t{0};
  if (offset > kMaxOffset || vectors.total() > kMaxOffset - offset) return Errno::kFbig;
  const Errno error = host.tree().Reserve(file, offset + vectors.total());
  if (error != Errno::kSuccess) return error;
  Node& node = host.tree().at(file);
  FileContents& contents = *node.file();
  for (Size i = 0; i < vectors.count(); ++i) {
    const std::span<std::byte> buffer = vectors.at(i);
    contents.Write(offset, buffer);
    offset += buffer.size();
  }
  node.modified = node.changed = host.clock().FileTime();
  return vectors.total();
}

}  // namespace

CallResult FdRead(Host& host, GuestMemory memory, Fd fd, Pointer list, Size count,
                  Pointer result) noexcept {
  const auto vectors = ParseTransfer(memory, list, count, result);
  if (!vectors) return Returns(vectors.error());
  Descriptor* descriptor = host.descriptors().Get(fd);
  if (!descriptor) return Returns(Errno::kBadf);
  if (descriptor->kind == Descriptor::Kind::kDirectory) return Returns(Errno::kIsdir);
  if (!(descriptor->base & rights::kFdRead)) return Returns(Errno::kBadf);
  if (descriptor->kind == Descriptor::Kind::kStdin) {
    return ReturnsSize(memory, result, ReadStdin(host, *vectors));
  }
  const std::uint64_t got = ReadFile(host, descriptor->node, *vectors, descriptor->offset);
  descriptor->offset += got;
  return ReturnsSize(memory, result, got);
}

CallResult FdPread(Host& host, GuestMemory memory, Fd fd, Pointer list, Size count,
                   std::uint64_t offset, Pointer result) noexcept {
  const auto vectors = ParseTransfer(memory, list, count, result);
  if (!vectors) return Returns(vectors.error());
  if (const Descriptor* descriptor = host.descriptors().Get(fd);
      descriptor && descriptor->kind == Descriptor::Kind::kDirectory) {
    return Returns(Errno::kIsdir);
  }
  const auto file = FileAt(host, fd, rights::kFdRead | rights::kFdSeek, Errno::kSpipe);
  if (!file) return Returns(file.error());
  if (offset > kMaxOffset) return Returns(Errno::kInval);
  return ReturnsSize(memory, result, ReadFile(host, (*file)->node, *vectors, offset));
}

CallResult FdWrite(Host& host, GuestMemory memory, Fd fd, Pointer list, Size count,
                   Pointer result) noexcept {
  const auto vectors = ParseTransfer(memory, list, count, result);
  if (!vectors) return Returns(vectors.error());
  Descriptor* descriptor = host.descriptors().Get(fd);
  if (!descriptor || !(descriptor->base & rights::kFdWrite)) return Returns(Errno::kBadf);
  if (descriptor->IsStream()) {
    const OutputStream stream = descriptor->kind == Descriptor::Kind::kStdout
                                    ? OutputStream::kStdout
                                    : OutputStream::kStderr;
    for (Size i = 0; i < vectors->count(); ++i) {
      if (!host.WriteOutput(stream, vectors->at(i))) {
        return {CallResult::Kind::kOutputLimit, 0};
      }
    }
    return ReturnsSize(memory, result, vectors->total());
  }
  const bool append = descriptor->flags & fdflags::kAppend;
  const std::uint64_t offset =
      append ? host.tree().at(descriptor->node).size() : descriptor->offset;
  const auto written = WriteFile(host, descriptor->node, *vectors, offset);
  if (!written) return Returns(written.error());
  if (*written > 0) descriptor->offset = offset + *written;
  return ReturnsSize(memory, result, *written);
}

CallResult FdPwrite(Host& host, GuestMemory memory, Fd fd, Pointer list, Size count,
                    std::uint64_t offset, Pointer result) noexcept {
  const auto vectors = ParseTransfer(memory, list, count, result);
  if (!vectors) return Returns(vectors.error());
  const auto file = FileAt(host, fd, rights::kFdWrite | rights::kFdSeek, Errno::kSpipe);
  if (!file) return Returns(file.error());
  if (offset > kMaxOffset) return Returns(Errno::kInval);
  // "Data written to the file is always appended": the flag wins over the offset.
  if ((*file)->flags & fdflags::kAppend) offset = host.tree().at((*file)->node).size();
  const auto written = WriteFile(host, (*file)->node, *vectors, offset);
  if (!written) return Returns(written.error());
  return ReturnsSize(memory, result, *written);
}

}  // namespace plasm::wasi::calls
