#include "net/chunk_decoder.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "base/quote.h"

namespace plasm::net {
namespace {

// Of a whole body. Nobody whom we serve has a use for either.
constexpr std::size_t kMaxOverheadBytes = 4096;

Error Broken(std::string_view expected, char found) {
  return {ErrorCode::kInvalid, "chunked body: expected " + std::string(expected) + ", found " +
                                   Quote(std::string_view(&found, 1))};
}

bool IsVisible(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Result<ChunkDecoder::Step> ChunkDecoder::Decode(ByteView input, std::span<std::byte> out) {
  Step step;
  while (step.consumed < input.size() && !done()) {
    if (state_ == State::kData) {
      const std::size_t room = std::min(input.size() - step.consumed, out.size() - step.written);
      const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, room));
      if (size == 0) break;
      std::memcpy(out.data() + step.written, input.data() + step.consumed, size);
      step.consumed += size;
      step.written += size;
      left_ -= size;
      if (left_ == 0) state_ = State::kDataReturn;
    } else {
      PLASM_TRY_VOID(TakeFraming(static_cast<char>(input[step.consumed])));
      ++step.consumed;
    }
  }
  return step;
}

Result<void> ChunkDecoder::CountOverhead() {
  if (++overhead_ > kMaxOverheadBytes) {
    return Error{ErrorCode::kInvalid, "chunked body: more than " +
                                          std::to_string(kMaxOverheadBytes) +
                                          " bytes of extensions and trailers"};
  }
  return {};
}

Result<void> ChunkDecoder::TakeFraming(char c) {
  switch (state_) {
    case State::kSize:
      if (const int digit = HexValue(c); digit >= 0) {
        if (++digits_ > 16 || left_ >> 59 != 0) {
          return Error{ErrorCode::kInvalid, "chunked body: a chunk of 2^63 bytes or more"};
        }
        left_ = left_ * 16 + static_cast<unsigned>(digit);
        return {};
      }
      if (digits_ == 0) return Broken("the size of a chunk", c);
      if (c == ';') {
        state_ = State::kExtension;
        return CountOverhead();
      }
      if (c != '\r') return Broken("a hexadecimal digit, ';' or CR", c);
      state_ = State::kSizeLineFeed;
      return {};
    case State::kExtension:
      if (c == '\r') {
        state_ = State::kSizeLineFeed;
        return {};
      }
      if (!IsVisible(c)) return Broken("a chunk's extension", c);
      return CountOverhead();
    case State::kSizeLineFeed:
      if (c != '\n') return Broken("LF", c);
      state_ = left_ == 0 ? State::kTrailerStart : State::kData;
      return {};
    case State::kDataReturn:
      if (c != '\r') return Broken("CR behind a chunk", c);
      state_ = State::kDataLineFeed;
      return {};
    case State::kDataLineFeed:
      if (c != '\n') return Broken("LF behind a chunk", c);
      state_ = State::kSize;
      digits_ = 0;
      return {};
    case State::kTrailerStart:
      if (c == '\r') {
        state_ = State::kLastLineFeed;
        return {};
      }
      if (!IsVisible(c) || c == ' ' || c == '\t') return Broken("a trailer", c);
      state_ = State::kTrailer;
      return CountOverhead();
    case State::kTrailer:
      if (c == '\r') {
        state_ = State::kTrailerLineFeed;
        return {};
      }
      if (!IsVisible(c)) return Broken("a trailer", c);
      return CountOverhead();
    case State::kTrailerLineFeed:
      if (c != '\n') return Broken("LF", c);
      state_ = State::kTrailerStart;
      return {};
    case State::kLastLineFeed:
      if (c != '\n') return Broken("LF", c);
      state_ = State::kDone;
      return {};
    case State::kData:
    case State::kDone:
      break;
  }
  return {};
}

}  // namespace plasm::net
