// For tests: a manifest and the receipt's statement that answers it, with every member there.
#pragma once

#include <array>
#include <string>

#include "base/bytes.h"
#include "crypto/ed25519.h"
#include "crypto/public_key_text.h"
#include "receipt/engine_configuration.h"
#include "receipt/manifest_v1.h"
#include "receipt/result_digest.h"
#include "receipt/statement.h"

namespace plasm::receipt::testing {

inline crypto::SigningKey ExampleKey(unsigned char fill) {
  std::array<std::byte, crypto::SigningKey::kSeedSize> seed;
  seed.fill(std::byte{fill});
  return crypto::SigningKey::FromSeed(seed);
}

inline Sha256Digest DigestOf(std::string_view text) { return Sha256Of(AsBytes(text)); }

inline Bytes ToBytes(std::string_view text) {
  const ByteView view = AsBytes(text);
  return {view.begin(), view.end()};
}

inline Limits ExampleLimits() {
  return {.memory_bytes = 9'007'199'254'740'993,  // 2^53 + 1: no double has it
          .fuel = Limits::kMaxFuel,
          .output_bytes = 67'108'864,
          .file_bytes = 0,
          .file_nodes = Limits::kMaxFileNodes,
          .wall_time_ms = UINT64_MAX};
}

inline Manifest ExampleManifest() {
  Manifest manifest;
  manifest.module = {.sha256 = DigestOf("module"), .size = 6};
  manifest.args = {"hello.wasm", "", "\xff\xfe", "gr\xc3\xbc\xc3\x9f"};
  manifest.env = {"A=1", "B=", "C==", "D=\xff"};
  manifest.stdin_name = {.sha256 = DigestOf("in"), .size = 2, .inline_bytes = ToBytes("in")};
  manifest.inputs = {{.guest = "/data", .tree = DigestOf("tree"), .layout = DigestOf("layout")},
                     {.guest = "/\xff", .tree = DigestOf(""), .layout = std::nullopt}};
  manifest.outputs = {"/out", "/out/a", "/\xfe"};
  manifest.limits = ExampleLimits();
  manifest.start_time_ns = 1'700'000'000'000'000'000;
  manifest.seed.back() = std::byte{1};
  manifest.requester = crypto::Fingerprint(ExampleKey(3).public_key());
  manifest.nonce = std::string(32, 'a');
  manifest.not_after = UtcTime{1'800'000'000'000};
  manifest.placement = Placement{.arch = "x86_64", .labels = {{"zone", "b"}, {"Zone", ""}}};
  manifest.retry = Retry{.attempts = 100};
  return manifest;
}

inline Statement ExampleStatement() {
  const Manifest manifest = ExampleManifest();
  Statement statement;
  statement.stdout_subject = {.digest = DigestOf("out"), .bytes = 3};
  statement.stderr_subject = {.digest = DigestOf(""), .bytes = 0};
  statement.files = {{.path = "/out/a", .digest = DigestOf("a")},
                     {.path = "/out/b \"\\\n", .digest = DigestOf("b")}};
  statement.job = {.manifest = ManifestDigest(AsBytes(SerializeManifest(manifest))),
                   .id = "job-1b4e28ba-2fa1-41d2-883f-0016d3cca427",
                   .requester = manifest.requester,
                   .nonce = manifest.nonce,
                   .not_after = manifest.not_after};
  statement.module = manifest.module;
  statement.input = {.args = ListDigest(manifest.args),
                     .env = ListDigest(manifest.env),
                     .stdin_digest = manifest.stdin_name.sha256,
                     .trees = manifest.inputs};
  statement.limits = manifest.limits;
  statement.runtime = {.engine = "wasmtime",
                       .version = "48.0.8",
                       .target = "x86_64-linux",
                       .configuration = EngineConfiguration("48.0.8"),
                       .profile = manifest.profile};
  statement.result.status = Status::kExited;
  statement.result.exit_code = 0;
  statement.result.fuel_used = 12345;
  statement.observed = {.start = {1'764'000'000'000},
                        .end = {1'764'000'000'125},
                        .wall_time_ns = 125'000'001,
                        .attempts = 1};
  statement.node = {.identity = crypto::Fingerprint(ExampleKey(1).public_key()),
                    .key = crypto::Fingerprint(ExampleKey(2).public_key()),
                    .signing = Signing::kEach,
                    .log = "plasm.invalid/0123456789abcdef0123456789abcdef",
                    .boot = "7d444840-9dc0-41d1-b245-5ffdce74fad2",
                    .sequence = 0};
  statement.result_digest = ResultDigest(statement);
  return statement;
}

}  // namespace plasm::receipt::testing
