// What a node answers to an offer: no reason of it steers a terminal, and an answer for one job is
// none for another.
#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <variant>

#include "base/bytes.h"
#include "client/job_offer.h"
#include "expect.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plasm;
  const ByteView bytes = std::as_bytes(std::span(data, size));
  const auto answer = client::ParseOfferAnswer(bytes, "job-1");
  if (!answer) return 0;
  FUZZ_EXPECT(!client::ParseOfferAnswer(bytes, "job-2"));
  if (const auto* rejected = std::get_if<client::OfferRejected>(&*answer)) {
    FUZZ_EXPECT(std::ranges::none_of(rejected->reason,
                                     [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }));
  }
  return 0;
}
