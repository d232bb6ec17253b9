// Jobs as nodes describe them: what is read is written back as something that reads the same.
#include <cstdint>
#include <span>
#include <string>

#include "base/bytes.h"
#include "client/job_document.h"
#include "expect.h"

namespace {

using namespace plasm;

std::string Written(const client::JobDocument& job) {
  JsonWriter json(JsonStyle::kCompact);
  client::WriteJob(job, json);
  return std::move(json).Take();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes = std::as_bytes(std::span(data, size));
  if (const auto job = client::ParseJob(bytes)) {
    const std::string text = Written(*job);
    const auto again = client::ParseJob(AsBytes(text));
    FUZZ_EXPECT(again.has_value());
    FUZZ_EXPECT(Written(*again) == text);
    FUZZ_EXPECT(client::IsJobId(job->id));
  }
  if (const auto page = client::ParseJobPage(bytes); page && page->next) {
    FUZZ_EXPECT(page->next->find_first_of("&=?# \r\n") == std::string::npos);
  }
  return 0;
}
