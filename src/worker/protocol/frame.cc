#include "worker/protocol/frame.h"

#include <cassert>
#include <cstring>
#include <string>

#include "worker/protocol/wire.h"

namespace plasm::worker {
namespace {

bool Known(std::uint8_t type) { return (type >= 1 && type <= 6) || (type >= 64 && type <= 73); }

}  // namespace

void AppendFrame(Bytes& out, FrameType type, ByteView payload) {
  const std::size_t begin = BeginFrame(out);
  WireWriter(out).PutRaw(payload);
  EndFrame(out, begin, type);
}

std::size_t BeginFrame(Bytes& out) {
  const std::size_t begin = out.size();
  out.resize(begin + kFrameHeaderBytes);
  return begin;
}

void EndFrame(Bytes& out, std::size_t begin, FrameType type) {
  const std::size_t length = out.size() - begin - kFrameHeaderBytes;
  assert(length <= kMaxPayloadBytes);
  const std::uint32_t header[] = {static_cast<std::uint32_t>(length),
                                  static_cast<std::uint32_t>(type)};
  static_assert(sizeof(header) == kFrameHeaderBytes);
  std::memcpy(out.data() + begin, header, sizeof(header));
}

void FrameReader::Append(ByteView bytes) {
  if (consumed_ == buffer_.size()) {
    buffer_.clear();
    consumed_ = 0;
  } else if (consumed_ > kMaxPayloadBytes) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(consumed_));
    consumed_ = 0;
  }
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

Result<std::optional<Frame>> FrameReader::Next() {
  const ByteView rest = ByteView(buffer_).subspan(consumed_);
  if (rest.size() < kFrameHeaderBytes) return std::optional<Frame>();
  WireReader header(rest.first(kFrameHeaderBytes));
  const auto length = header.Take<std::uint32_t>();
  const auto type = header.Take<std::uint32_t>();
  if (length > kMaxPayloadBytes) {
    return Error{ErrorCode::kCorrupt, "frame of " + std::to_string(length) + " bytes; at most " +
                                          std::to_string(kMaxPayloadBytes) + " are allowed"};
  }
  if (type > 0xff || !Known(static_cast<std::uint8_t>(type))) {
    return Error{ErrorCode::kCorrupt, "frame of unknown type " + std::to_string(type)};
  }
  if (rest.size() - kFrameHeaderBytes < length) return std::optional<Frame>();
  consumed_ += kFrameHeaderBytes + length;
  return std::optional(
      Frame{static_cast<FrameType>(type), rest.subspan(kFrameHeaderBytes, length)});
}

}  // namespace plasm::worker
