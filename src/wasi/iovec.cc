#include "wasi/iovec.h"

#include <limits>

namespace plasm::wasi {
namespace {

constexpr Size kEntrySize = 8;  // u32 address, u32 length

}  // namespace

ErrnoOr<IoVectors> IoVectors::Parse(GuestMemory memory, Pointer list, Size count) {
  if (!memory.Slice(list, std::uint64_t{count} * kEntrySize)) return Errno::kFault;
  IoVectors vectors(memory, list, count);
  for (Size i = 0; i < count; ++i) {
    const Pointer entry = list + i * kEntrySize;
    const Size length = *memory.Load<Size>(entry + 4);
    if (!memory.Slice(*memory.Load<Pointer>(entry), length)) return Errno::kFault;
    vectors.total_ += length;
  }
  if (vectors.total_ > std::numeric_limits<Size>::max()) return Errno::kInval;
  return vectors;
}

std::span<std::byte> IoVectors::at(Size index) const {
  const Pointer entry = list_ + index * kEntrySize;
  const auto buffer = memory_.Slice(*memory_.Load<Pointer>(entry), *memory_.Load<Size>(entry + 4));
  return buffer ? *buffer : std::span<std::byte>{};
}

}  // namespace plasm::wasi
