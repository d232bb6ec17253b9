// Primitives of the frame protocol's encoding: little-endian integers, byte strings with a
// 32-bit length in front. Reading is strict: a reader that ran past its end stays failed.
#pragma once

#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>

#include "base/bytes.h"

namespace plasm::worker {

class WireWriter {
 public:
  explicit WireWriter(Bytes& out) : out_(out) {}

  template <std::unsigned_integral T>
  void Put(T value) {
    const auto at = out_.size();
    out_.resize(at + sizeof(T));
    std::memcpy(out_.data() + at, &value, sizeof(T));
  }
  void PutRaw(ByteView bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
  void PutString(std::string_view text) {
    Put(static_cast<std::uint32_t>(text.size()));
    PutRaw(AsBytes(text));
  }

 private:
  Bytes& out_;
};

class WireReader {
 public:
  explicit WireReader(ByteView in) : in_(in) {}

  template <std::unsigned_integral T>
  T Take() {
    T value{};
    const ByteView raw = TakeRaw(sizeof(T));
    if (!failed_) std::memcpy(&value, raw.data(), sizeof(T));
    return value;
  }
  ByteView TakeRaw(std::size_t count) {
    if (failed_ || count > in_.size()) {
      failed_ = true;
      return {};
    }
    const ByteView taken = in_.first(count);
    in_ = in_.subspan(count);
    return taken;
  }
  std::string TakeString() { return std::string(AsText(TakeRaw(Take<std::uint32_t>()))); }
  ByteView TakeRest() { return TakeRaw(in_.size()); }

  // An element takes at least `bytes_each`: refuses a count that cannot be there, so that
  // nobody reserves memory for it.
  std::uint32_t TakeCount(std::size_t bytes_each) {
    const auto count = Take<std::uint32_t>();
    if (count > in_.size() / bytes_each) failed_ = true;
    return failed_ ? 0 : count;
  }

  void Fail() { failed_ = true; }
  // True when everything was read, no more and no less.
  bool Finished() const { return !failed_ && in_.empty(); }
  bool failed() const { return failed_; }

 private:
  ByteView in_;
  bool failed_ = false;
};

}  // namespace plasm::worker
