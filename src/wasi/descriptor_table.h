// The guest's open descriptors. A new one gets the lowest free number.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "wasi/node.h"
#include "wasi/types.h"

namespace plasm::wasi {

struct Descriptor {
  enum class Kind : std::uint8_t { kFree, kStdin, kStdout, kStderr, kFile, kDirectory };
  static constexpr std::uint32_t kNotPreopened = ~std::uint32_t{0};

  Kind kind = Kind::kFree;
  std::uint16_t flags = 0;                // fdflags
  std::uint32_t preopen = kNotPreopened;  // index in the tree's preopens
  NodeId node = kNoNode;                  // of kFile and kDirectory
  rights::Mask base = 0;
  rights::Mask inheriting = 0;
  std::uint64_t offset = 0;  // of kFile

  bool IsStream() const {
    return kind == Kind::kStdin || kind == Kind::kStdout || kind == Kind::kStderr;
  }
};

class DescriptorTable {
 public:
  // `limit` descriptors may be open at once.
  explicit DescriptorTable(std::uint32_t limit) : limit_(limit) {}

  // Null when `fd` is not open. Valid until the next Add.
  Descriptor* Get(Fd fd) {
    if (fd >= slots_.size() || slots_[fd].kind == Descriptor::Kind::kFree) return nullptr;
    return &slots_[fd];
  }

  bool full() const { return open_ >= limit_; }
  // Not limited: the host's own descriptors are added whatever the limit is. Guest calls
  // ask full() first.
  Fd Add(const Descriptor& descriptor);
  // `fd` must be open. The caller has let go of its node.
  void Remove(Fd fd);
  // `fd` must be a number handed out before and closed since.
  void Reopen(Fd fd, const Descriptor& descriptor);

  void Reserve(std::size_t count) { slots_.reserve(count); }

 private:
  std::vector<Descriptor> slots_;
  std::uint32_t limit_;
  std::uint32_t open_ = 0;
  Fd lowest_free_ = 0;  // no slot below it is free
};

}  // namespace plasm::wasi
