// Messages of the first system: whatever they ask, there is one answer, and it is JSON.
#include <cstdint>
#include <span>

#include "api/compat_messages.h"
#include "api/offer_judgement.h"
#include "base/bytes.h"
#include "base/json_reader.h"
#include "expect.h"

namespace {

using namespace plasm;

void Answer(std::string_view job_id, const api::Requirements& asked) {
  const api::NodeOffer node{.arch = "x86_64",
                            .wasm_runtime = "wasmtime-48",
                            .cores = 2,
                            .memory_bytes = std::uint64_t{1} << 30,
                            .wall_time_ms = 60'000};
  const auto rejection = api::Judge(asked, node);
  const std::string answer =
      rejection ? api::RejectedJson(job_id, *rejection) : api::AcceptedJson(job_id, 1, "x");
  FUZZ_EXPECT(ParseJson(AsBytes(answer), "answer").has_value());
  if (!rejection) FUZZ_EXPECT(asked.cpu_cores <= 2 && asked.memory_mb <= 1024);
  if (rejection) FUZZ_EXPECT(!api::RejectionText(*rejection).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes = std::as_bytes(std::span(data, size));
  if (const auto offer = api::JobOffer::Parse(bytes)) {
    FUZZ_EXPECT(!offer->job_id.empty() && !offer->nonce.empty() && offer->nonce.size() <= 64);
    Answer(offer->job_id, offer->requirements);
  }
  if (const auto request = api::JobRequest::Parse(bytes)) {
    FUZZ_EXPECT(Sha256Of(request->wasm) == request->module_hash);
    Answer(request->job_id, request->requirements);
  }
  return 0;
}
