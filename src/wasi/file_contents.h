// The bytes of one regular file: borrowed from the embedder until the guest changes them,
// with a tail of zeros that takes no memory.
#pragma once

#include <cstdint>
#include <span>

#include "base/bytes.h"

namespace plasm::wasi {

class FileContents {
 public:
  FileContents() = default;
  // `borrowed` must outlive this object.
  explicit FileContents(ByteView borrowed) : size_(borrowed.size()), borrowed_(borrowed) {}

  std::uint64_t size() const { return size_; }

  // Copies what lies at `offset` into `out`; returns how many bytes there were.
  std::size_t Read(std::uint64_t offset, std::span<std::byte> out) const;

  // Puts `bytes` at `offset`, growing the file as needed. The caller has checked the quota:
  // memory is taken up to offset + bytes.size().
  void Write(std::uint64_t offset, ByteView bytes);

  // Growing takes no memory, shrinking gives it back.
  void Resize(std::uint64_t size);

  // All bytes, the zeros of the tail included. Valid until the next change.
  ByteView View();

 private:
  ByteView Stored() const { return owns_ ? ByteView(owned_) : borrowed_; }
  void Own();

  std::uint64_t size_ = 0;  // bytes past Stored().size() are zero
  ByteView borrowed_;
  Bytes owned_;
  bool owns_ = false;
};

}  // namespace plasm::wasi
