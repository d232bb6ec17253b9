#include "hello_job.h"

#include "base/file.h"
#include "crypto/public_key_text.h"
#include "execution/manifest_job.h"
#include "execution/runtime.h"
#include "guest.h"
#include "tlog/testing/keys.h"
#include "worker/protocol/job.h"

namespace plasm::bench {

receipt::Manifest HelloManifest() {
  static const receipt::ModuleName module = [] {
    const auto bytes = ReadFile(GuestPath(), std::size_t{1} << 24);
    if (!bytes) Fail(bytes.error().message);
    return receipt::ModuleName{Sha256Of(*bytes), bytes->size()};
  }();
  receipt::Manifest manifest;
  manifest.module = module;
  manifest.args = {std::string(kProgramName)};
  const ByteView input = AsBytes(kInput);
  manifest.stdin_name = {Sha256Of(input), input.size(), Bytes(input.begin(), input.end())};
  manifest.limits = execution::LimitsOf(worker::JobLimits(), 60'000);
  manifest.start_time_ns = 1'790'000'000'000'000'000;
  manifest.nonce = std::string(32, '0');
  manifest.seed = receipt::DefaultSeed(manifest).bytes;
  return manifest;
}

node::IssuerSettings HelloIssuer(receipt::Signing signing) {
  return {.identity = crypto::Fingerprint(tlog::testing::Key(3).public_key()),
          .signing = signing,
          .origin = kHelloOrigin,
          .boot = "7d444840-9dc0-41d1-b245-5ffdce74fad2"};
}

receipt::Runtime HelloRuntime() {
  return execution::RuntimeOf("48.0.8", worker::Target::kNative, receipt::Profile::kDet1);
}

}  // namespace plasm::bench
