// For tests and benchmarks: jobs that are the same in every run.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

#include "base/bytes.h"
#include "base/sha256.h"
#include "store/writes.h"

namespace plasm::store::testing {

inline std::string JobId(std::uint64_t number) {
  char text[41];
  std::snprintf(text, sizeof(text), "job-%08llx-0000-4000-8000-000000000000",
                static_cast<unsigned long long>(number));
  return text;
}

inline Bytes BytesFrom(std::string_view text) {
  const ByteView bytes = AsBytes(text);
  return {bytes.begin(), bytes.end()};
}

inline SubmitJob Job(std::uint64_t number, const std::string& client = "uid:1000") {
  SubmitJob job;
  job.id = JobId(number);
  job.client = client;
  job.manifest = BytesFrom("{\"job\":" + std::to_string(number) + "}");
  job.manifest_digest = Sha256Of(job.manifest);
  job.submitted_ns = 1'000'000 + number;
  return job;
}

inline EndJob End(std::uint64_t seq, JobState state = JobState::kExited) {
  EndJob end;
  end.seq = seq;
  end.end.state = state;
  end.end.ended_ns = 2'000'000 + seq;
  end.results.standard_output = {2, Sha256Of(AsBytes("ok")), BytesFrom("ok")};
  end.results.standard_error = {0, Sha256Of({}), Bytes()};
  return end;
}

}  // namespace plasm::store::testing
