// Cursors of job lists: what is taken is exactly what is written again.
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "expect.h"
#include "store/job_list.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  const std::string_view text = AsText(std::as_bytes(std::span(data, size)));
  const auto cursor = store::JobCursor::Parse(text);
  if (!cursor) {
    FUZZ_EXPECT(cursor.error().code == ErrorCode::kInvalid);
    return 0;
  }
  FUZZ_EXPECT(cursor->before_seq > 0 && cursor->ToText() == text);
  return 0;
}
