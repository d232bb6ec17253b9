// Bodies in chunks: RFC 9112 section 7.1, read strictly. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace plasm::net {

// Takes a body apart as it comes. Extensions and trailers are read over, within bounds; lines end
// in CR LF alone; sizes stay below 2^63.
class ChunkDecoder {
 public:
  struct Step {
    std::size_t consumed = 0;  // of the input
    std::size_t written = 0;   // to `out`
  };
  // Goes as far as input and room allow. After an error (kInvalid) it is of no use any more.
  // Consumes nothing behind the body.
  Result<Step> Decode(ByteView input, std::span<std::byte> out);

  bool done() const { return state_ == State::kDone; }

 private:
  enum class State {
    kSize,
    kExtension,
    kSizeLineFeed,
    kData,
    kDataReturn,
    kDataLineFeed,
    kTrailerStart,
    kTrailer,
    kTrailerLineFeed,
    kLastLineFeed,
    kDone,
  };
  Result<void> TakeFraming(char c);
  Result<void> CountOverhead();

  State state_ = State::kSize;
  std::uint64_t left_ = 0;  // of the chunk; while its size is read, the size so far
  int digits_ = 0;
  std::size_t overhead_ = 0;  // bytes of extensions and trailers
};

}  // namespace plasm::net
