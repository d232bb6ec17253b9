// A node's status and its problem documents: nothing of them steers a terminal.
#include <algorithm>
#include <cstdint>
#include <span>
#include <string>

#include "base/bytes.h"
#include "client/node_status.h"
#include "client/problem_document.h"
#include "expect.h"

namespace {

bool HasControls(const std::string& text) {
  return std::ranges::any_of(text, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  const ByteView bytes = std::as_bytes(std::span(data, size));
  const client::Problem problem = client::ReadProblem(503, bytes);
  FUZZ_EXPECT(!problem.error.message.empty() || size > 0);
  FUZZ_EXPECT(!HasControls(problem.error.message));
  if (const auto status = client::ParseNodeStatus(bytes)) {
    FUZZ_EXPECT(!HasControls(status->version + status->engine + status->arch));
    JsonWriter json(JsonStyle::kCompact);
    client::WriteNodeStatus(*status, json);
    FUZZ_EXPECT(client::ParseNodeStatus(AsBytes(std::move(json).Take())).has_value());
  }
  return 0;
}
