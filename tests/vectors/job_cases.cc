#include <gtest/gtest.h>

#include "case_runners.h"
#include "receipt/manifest_v1.h"
#include "receipt/tree_digest.h"

namespace plasm::vectors {
namespace {

std::string ToText(const Bytes& bytes) { return std::string(AsText(bytes)); }

void RunManifest(CaseFields& fields) {
  const Bytes bytes = fields.TextOrBase64("manifest");
  const bool valid = fields.Boolean("valid");
  const auto manifest = receipt::ParseManifest(bytes);
  ASSERT_EQ(manifest.has_value(), valid) << (manifest ? "" : manifest.error().message);
  if (!valid) return;
  EXPECT_EQ(receipt::ManifestDigest(bytes).ToHex(), fields.Text("digest"));
  const auto again = receipt::ParseManifest(AsBytes(receipt::SerializeManifest(*manifest)));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(*again, *manifest);
}

Result<receipt::TreeDigests> DigestTree(CaseFields& fields) {
  receipt::TreeDigestBuilder builder;
  Result<void> added;
  const auto add = [&added](Result<void> result) {
    if (added) added = std::move(result);
  };
  for (CaseFields& file : fields.Objects("files")) {
    const std::string path = ToText(file.TextOrBase64("path"));
    add(builder.AddFile(path, Sha256Of(file.TextOrBase64("content"))));
    file.End();
  }
  for (CaseFields& link : fields.Objects("links")) {
    const std::string path = ToText(link.TextOrBase64("path"));
    add(builder.AddLink(path, ToText(link.TextOrBase64("target"))));
    link.End();
  }
  for (CaseFields& folder : fields.Objects("empty_folders")) {
    add(builder.AddEmptyFolder(ToText(folder.TextOrBase64("path"))));
    folder.End();
  }
  PLASM_TRY_VOID(std::move(added));
  return std::move(builder).Finish();
}

void RunTree(CaseFields& fields) {
  const auto digests = DigestTree(fields);
  const bool valid = fields.Boolean("valid");
  ASSERT_EQ(digests.has_value(), valid) << (digests ? "" : digests.error().message);
  if (!valid) return;
  EXPECT_EQ(digests->tree.ToHex(), fields.Text("tree"));
  ASSERT_EQ(digests->layout.has_value(), fields.Has("layout"));
  if (digests->layout) {
    EXPECT_EQ(digests->layout->ToHex(), fields.Text("layout"));
  }
}

void RunDefaultSeed(CaseFields& fields) {
  const auto manifest = Need(receipt::ParseManifest(fields.TextOrBase64("manifest")));
  EXPECT_EQ(receipt::DefaultSeed(manifest).ToHex(), fields.Text("seed"));
}

}  // namespace

void RunJobCase(CaseFields& fields) {
  const std::string kind = fields.Text("kind");
  if (kind == "manifest") return RunManifest(fields);
  if (kind == "tree") return RunTree(fields);
  if (kind == "default-seed") return RunDefaultSeed(fields);
  FAIL() << "unknown kind " << kind;
}

}  // namespace plasm::vectors
