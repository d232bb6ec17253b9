#include "receipt/agreement.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "receipt/testing/examples.h"

namespace plasm::receipt {
namespace {

using testing::DigestOf;
using testing::ExampleManifest;
using testing::ExampleStatement;

// The member that an error names, or nothing where the check passes.
std::string Member(const Result<void>& checked) {
  if (checked) return "";
  return checked.error().message.substr(0, checked.error().message.find(':'));
}

std::string Disagrees(const std::function<void(Statement&)>& change) {
  Statement statement = ExampleStatement();
  change(statement);
  return Member(CheckAgreement(statement));
}

TEST(AgreementTest, TheExampleAgreesWithItselfAndItsManifest) {
  const Manifest manifest = ExampleManifest();
  const Statement statement = ExampleStatement();
  EXPECT_TRUE(CheckAgreement(statement));
  EXPECT_TRUE(CheckAgainstManifest(statement, ManifestDigest(AsBytes(SerializeManifest(manifest))),
                                   manifest));
}

TEST(AgreementTest, AJobDoesNotEndBeforeItStarts) {
  EXPECT_EQ(Disagrees([](Statement& s) { s.observed.end.milliseconds = 1; }), "observed.end");
  EXPECT_EQ(Disagrees([](Statement& s) { s.observed.end = s.observed.start; }), "");
}

TEST(AgreementTest, OutputIsTruncatedExactlyAtItsLimit) {
  EXPECT_EQ(Disagrees([](Statement& s) { s.result.truncated = true; }), "result.truncated");
  EXPECT_EQ(Disagrees([](Statement& s) {
              s.result.status = Status::kOutputLimit;
              s.result_digest = ResultDigest(s);
            }),
            "result.truncated");
  EXPECT_EQ(Disagrees([](Statement& s) {
              s.result.status = Status::kOutputLimit;
              s.result.truncated = true;
              s.result_digest = ResultDigest(s);
            }),
            "");
}

TEST(AgreementTest, TheResultDigestIsRecomputed) {
  EXPECT_EQ(Disagrees([](Statement& s) { s.result_digest = DigestOf("x"); }),
            "resultDigest.sha256");
  EXPECT_EQ(Disagrees([](Statement& s) { s.result.exit_code = 1; }), "resultDigest.sha256");
  EXPECT_EQ(Disagrees([](Statement& s) { s.files.clear(); }), "resultDigest.sha256");
}

TEST(AgreementTest, NothingHasTheDigestOfNothing) {
  EXPECT_EQ(Disagrees([](Statement& s) {
              s.stdout_subject.bytes = 0;
              s.result_digest = ResultDigest(s);
            }),
            "result.stdoutBytes");
  EXPECT_EQ(Disagrees([](Statement& s) {
              s.stderr_subject.bytes = 1;
              s.result_digest = ResultDigest(s);
            }),
            "result.stderrBytes");
  EXPECT_EQ(Disagrees([](Statement& s) { s.module.size = 0; }), "module.size");
}

TEST(AgreementTest, NamesTheFirstMemberThatIsNotTheManifests) {
  const Manifest manifest = ExampleManifest();
  const Sha256Digest digest = ManifestDigest(AsBytes(SerializeManifest(manifest)));
  const auto differs = [&](const std::function<void(Statement&)>& change) {
    Statement statement = ExampleStatement();
    change(statement);
    return Member(CheckAgainstManifest(statement, digest, manifest));
  };
  const Sha256Digest other = DigestOf("other");
  EXPECT_EQ(differs([&](Statement& s) { s.job.manifest = other; }), "job.manifest.sha256");
  EXPECT_EQ(differs([&](Statement& s) { s.module.sha256 = other; }), "module.sha256");
  EXPECT_EQ(differs([&](Statement& s) { s.module.size = 1; }), "module.size");
  EXPECT_EQ(differs([&](Statement& s) { s.limits.memory_bytes = 1; }), "limits.memoryBytes");
  EXPECT_EQ(differs([&](Statement& s) { s.limits.fuel = 1; }), "limits.fuel");
  EXPECT_EQ(differs([&](Statement& s) { s.limits.output_bytes = 1; }), "limits.outputBytes");
  EXPECT_EQ(differs([&](Statement& s) { s.limits.file_bytes = 1; }), "limits.fileBytes");
  EXPECT_EQ(differs([&](Statement& s) { s.limits.file_nodes = 1; }), "limits.fileNodes");
  EXPECT_EQ(differs([&](Statement& s) { s.limits.wall_time_ms = 1; }), "limits.wallTimeMs");
  EXPECT_EQ(differs([&](Statement& s) { s.runtime.profile = Profile::kLive; }), "runtime.profile");
  EXPECT_EQ(differs([&](Statement& s) { s.job.requester.reset(); }), "job.requester");
  EXPECT_EQ(differs([&](Statement& s) { s.job.nonce = std::string(32, 'b'); }), "job.nonce");
  EXPECT_EQ(differs([&](Statement& s) { s.job.nonce.reset(); }), "job.nonce");
  EXPECT_EQ(differs([&](Statement& s) { s.job.not_after = UtcTime{1}; }), "job.notAfter");
  EXPECT_EQ(differs([&](Statement& s) { s.input.args = other; }), "input.args");
  EXPECT_EQ(differs([&](Statement& s) { s.input.env = other; }), "input.env");
  EXPECT_EQ(differs([&](Statement& s) { s.input.stdin_digest = other; }), "input.stdin");
  EXPECT_EQ(differs([&](Statement& s) { s.input.trees.pop_back(); }), "number of input.trees");
  EXPECT_EQ(differs([&](Statement& s) { s.input.trees[1].guest = "/x"; }), "input.trees[1].guest");
  EXPECT_EQ(differs([&](Statement& s) { s.input.trees[1].tree = other; }), "input.trees[1].tree");
  EXPECT_EQ(differs([&](Statement& s) { s.input.trees[0].layout.reset(); }),
            "input.trees[0].layout");
  EXPECT_EQ(differs([&](Statement& s) {
              s.module.size = 1;
              s.input.args = other;
            }),
            "module.size");
}

}  // namespace
}  // namespace plasm::receipt
