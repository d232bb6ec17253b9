// Headers, query values and paths of the API, each parser over the same text: what is accepted has
// one spelling, and keeps to its bounds.
#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "api/access.h"
#include "api/byte_range.h"
#include "api/job_query.h"
#include "api/log_file_name.h"
#include "base/bytes.h"
#include "expect.h"

namespace {

using namespace plasm;

void TryRanges(const std::string& text) {
  constexpr std::uint64_t kSize = 1000;
  if (const auto range = api::ParseRange(text, kSize); range && *range) {
    FUZZ_EXPECT((*range)->length >= 1 && (*range)->length <= kSize);
    FUZZ_EXPECT((*range)->first <= kSize - (*range)->length);
  }
  if (const auto piece = api::ContentRange::Parse(text)) {
    FUZZ_EXPECT(piece->length >= 1 && piece->first + piece->length <= piece->size);
    const api::ByteRange range{piece->first, piece->length};
    FUZZ_EXPECT(range.ToContentRange(piece->size) == text);
  }
}

void TryQueries(const std::string& text) {
  for (const char* name : {"wait", "include"}) {
    const auto query = api::JobQuery::Parse({{name, text}});
    if (query) FUZZ_EXPECT(query->wait.count() >= 0 && query->wait.count() <= 60);
  }
  for (const char* name : {"state", "limit", "cursor", "all"}) {
    const auto query = api::JobListQuery::Parse({{name, text}});
    if (query) FUZZ_EXPECT(query->limit >= 1 && query->limit <= store::kMaxListed);
    if (query && query->cursor) FUZZ_EXPECT(query->cursor->ToText() == text);
  }
  if (const auto position = api::EventPosition::Parse(text)) {
    FUZZ_EXPECT(position->ToText() == text);
  }
  if (const auto id = api::ParseJobId(text)) FUZZ_EXPECT(*id == text && text.size() == 40);
  static_cast<void>(api::ParseIdempotencyKey(text));
}

void TryPath(const std::string& text) {
  std::vector<std::string> segments;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find('/', start), text.size());
    segments.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  const auto file = api::LogFileOf(segments);
  if (!file) return;
  FUZZ_EXPECT(file->log + "/" + file->path == text);
  FUZZ_EXPECT(text.find("..") == std::string::npos && text.find('\0') == std::string::npos);
}

void TryAuthorization(const std::string& text) {
  // In an empty list there is nobody, whatever is said.
  const net::Peer peer{.kind = net::Peer::Kind::kUnix, .key = {}, .uid = 1000, .address = "unix"};
  const auto access = api::Authorize({}, peer, text, UtcTime{}, 1000);
  FUZZ_EXPECT(std::holds_alternative<api::Unknown>(access));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(AsText(std::as_bytes(std::span(data, size))));
  TryRanges(text);
  TryQueries(text);
  TryPath(text);
  TryAuthorization(text);
  return 0;
}
