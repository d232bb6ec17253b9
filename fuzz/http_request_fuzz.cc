// What a client sends, up to a request and its body: the same whatever pieces it comes in, and
// nothing that breaks the promises of RequestHead.
#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/text_form.h"
#include "expect.h"
#include "net/chunk_decoder.h"
#include "net/request_head.h"

namespace {

using namespace plasm;
using Kind = net::HeadOutcome::Kind;

constexpr net::HeadLimits kLimits{.request_line_bytes = 256, .bytes = 1024, .fields = 16};

net::HeadOutcome ReadInPieces(std::string_view stream, std::size_t piece) {
  std::size_t scanned = 0;
  for (std::size_t size = std::min(piece, stream.size());;) {
    net::HeadOutcome outcome = net::ParseRequestHead(stream.substr(0, size), kLimits, scanned);
    if (outcome.kind != Kind::kNeedsMore || size == stream.size()) return outcome;
    scanned = size;
    size = std::min(size + piece, stream.size());
  }
}

void CheckHead(const net::RequestHead& head) {
  FUZZ_EXPECT(head.path().starts_with('/'));
  FUZZ_EXPECT(IsPlainText(head.path()));
  std::string joined;
  for (const std::string& segment : head.segments()) {
    FUZZ_EXPECT(!segment.empty() && segment != "." && segment != "..");
    FUZZ_EXPECT(segment.find('/') == std::string::npos);
    joined += "/" + segment;
  }
  FUZZ_EXPECT(head.path() == (joined.empty() ? "/" : joined));
  for (const auto& [name, value] : head.query()) {
    FUZZ_EXPECT(!name.empty() && IsPlainText(name) && IsPlainText(value));
    FUZZ_EXPECT(head.Query(name) == value);
  }
  for (const net::HeadField& field : head.fields()) {
    FUZZ_EXPECT(field.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
  }
  const bool has_length = head.Header("content-length") && *head.Header("content-length");
  const bool has_coding = head.Header("transfer-encoding") && *head.Header("transfer-encoding");
  FUZZ_EXPECT(!(has_length && has_coding));
  FUZZ_EXPECT((head.framing() == net::BodyFraming::kChunked) == has_coding);
  FUZZ_EXPECT(head.body_length().value_or(0) <= INT64_MAX);
}

// The body, and how much of the input it took; empty when it is broken or not complete.
std::string ReadChunks(std::string_view text, std::size_t piece, std::size_t& taken) {
  net::ChunkDecoder decoder;
  std::string body;
  std::array<std::byte, 64> out;
  taken = 0;
  while (taken < text.size() && !decoder.done()) {
    const auto step = decoder.Decode(AsBytes(text.substr(taken, piece)), out);
    if (!step) return {};
    FUZZ_EXPECT(step->consumed > 0);
    taken += step->consumed;
    body.append(AsText(std::span(out).first(step->written)));
  }
  return decoder.done() ? body + "." : std::string();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view stream(reinterpret_cast<const char*>(data), size);
  const net::HeadOutcome whole = ReadInPieces(stream, std::max<std::size_t>(size, 1));
  const net::HeadOutcome pieces = ReadInPieces(stream, 3);
  // In pieces a refusal may come before the reason for another one is seen.
  FUZZ_EXPECT(whole.kind == pieces.kind);
  if (whole.kind == Kind::kRefused) {
    FUZZ_EXPECT(whole.refusal.status >= 400 && whole.refusal.status < 600);
    FUZZ_EXPECT(IsPlainText(whole.refusal.detail));
  }
  if (whole.kind != Kind::kComplete) return 0;
  FUZZ_EXPECT(whole.size == pieces.size && whole.size <= kLimits.bytes);
  FUZZ_EXPECT(whole.head.target() == pieces.head.target());
  CheckHead(whole.head);
  if (whole.head.framing() != net::BodyFraming::kChunked) return 0;
  std::size_t taken = 0;
  std::size_t taken_in_pieces = 0;
  const std::string body = ReadChunks(stream.substr(whole.size), size, taken);
  FUZZ_EXPECT(ReadChunks(stream.substr(whole.size), 1, taken_in_pieces) == body);
  FUZZ_EXPECT(body.empty() || taken == taken_in_pieces);
  return 0;
}
