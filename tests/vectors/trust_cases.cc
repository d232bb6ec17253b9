#include <gtest/gtest.h>

#include "case_runners.h"
#include "trust/trust_file.h"

namespace plasm::vectors {
namespace {

std::vector<trust::OwnRevocation> Revocations(CaseFields& entry) {
  std::vector<trust::OwnRevocation> revoked;
  for (CaseFields& object : entry.Objects("revoked")) {
    std::string key = object.Text("key");
    revoked.push_back({std::move(key), Need(UtcTime::Parse(object.Text("at")))});
    object.End();
  }
  return revoked;
}

}  // namespace

void RunTrustCase(CaseFields& fields) {
  const Bytes bytes = fields.TextOrBase64("file");
  const bool valid = fields.Boolean("valid");
  const auto file = trust::TrustFile::Parse(bytes);
  ASSERT_EQ(file.has_value(), valid) << (file ? "" : file.error().message);
  if (!valid) return;

  std::vector<CaseFields> entries = fields.Objects("entries");
  const auto nodes = file->Nodes();
  ASSERT_EQ(nodes.size(), entries.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const trust::TrustedNode& node = *nodes[i];
    CaseFields& entry = entries[i];
    EXPECT_EQ(node.name, entry.Text("name"));
    EXPECT_EQ(node.identity.ToHex(), entry.Text("identity"));
    EXPECT_EQ(trust::TrustLevelName(node.level), entry.Text("level"));
    ASSERT_EQ(node.card_version.has_value(), entry.Has("card"));
    if (node.card_version) {
      EXPECT_EQ(*node.card_version, entry.Number("card"));
    }
    EXPECT_EQ(node.operator_name.has_value(), entry.Has("operator"));
    if (node.operator_name) {
      EXPECT_EQ(*node.operator_name, entry.Text("operator"));
    }
    EXPECT_EQ(node.revoked, Revocations(entry));
    entry.End();
    EXPECT_EQ(file->FindByIdentity(node.identity), &node);
  }
}

}  // namespace plasm::vectors
