// For tests: a job that has ended well.
#pragma once

#include "execution/finished_run.h"
#include "execution/runtime.h"
#include "node/receipt_issuer.h"
#include "receipt/testing/examples.h"

namespace plasm::node::testing {

struct ExampleRun {
  ExampleRun() {
    run.outcome.exit_code = 0;
    run.outcome.fuel_used = 5;
    run.stdout_subject = {receipt::testing::DigestOf("out"), 3};
    run.stderr_subject = {receipt::testing::DigestOf(""), 0};
    run.wall_time_ns = 9;
  }

  EndedJob Job() const {
    const std::string text = receipt::SerializeManifest(manifest);
    return {.id = "job-1b4e28ba-2fa1-41d2-883f-0016d3cca427",
            .manifest = manifest,
            .manifest_digest = receipt::ManifestDigest(AsBytes(text)),
            .runtime = execution::RuntimeOf("48.0.8", worker::Target::kNative, manifest.profile),
            .run = run,
            .start = {1'764'000'000'000},
            .end = {1'764'000'000'125}};
  }

  receipt::Manifest manifest = receipt::testing::ExampleManifest();
  execution::FinishedRun run;
};

}  // namespace plasm::node::testing
