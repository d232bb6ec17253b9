// The edge cases of C2SP's CCTV collection, which tell Ed25519 verifiers apart.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "base/file.h"
#include "base/json_reader.h"
#include "base/testing/shared_data.h"
#include "crypto/ed25519.h"

namespace plasm::crypto {
namespace {

Result<std::vector<JsonNode>> LoadVectors(const std::filesystem::path& path) {
  PLASM_TRY(const Bytes text, ReadFile(path, 1 << 20));
  PLASM_TRY(JsonNode root, ParseJson(text, "vectors"));
  return std::move(root).AsArray();
}

struct Vector {
  PublicKey key;
  Signature signature;
  std::string message;
  std::vector<std::string> flags;
};

Result<Vector> ReadVector(JsonNode node) {
  Vector vector;
  PLASM_TRY(JsonFields fields, std::move(node).AsObject());
  PLASM_TRY_VOID(fields.TakeUint("number"));
  PLASM_TRY(const std::string key, fields.TakeString("key"));
  PLASM_TRY(vector.key, PublicKey::FromHex(key));
  PLASM_TRY(const std::string signature, fields.TakeString("sig"));
  PLASM_TRY(vector.signature, Signature::FromHex(signature));
  PLASM_TRY(vector.message, fields.TakeString("msg"));
  PLASM_TRY(JsonNode flags, fields.Take("flags"));
  PLASM_TRY_VOID(fields.ExpectNoMore());
  if (flags.IsNull()) return vector;
  PLASM_TRY(std::vector<JsonNode> list, std::move(flags).AsArray());
  for (JsonNode& flag : list) {
    PLASM_TRY(std::string name, std::move(flag).AsString());
    vector.flags.push_back(std::move(name));
  }
  return vector;
}

TEST(Ed25519VectorsTest, Exactly43Of914EdgeCasesAreAccepted) {
  const auto path = plasm::testing::SharedData("vectors/ed25519-cctv/ed25519vectors.json");
  PLASM_SKIP_WITHOUT(path);
  auto nodes = LoadVectors(path);
  ASSERT_TRUE(nodes) << nodes.error().message;
  ASSERT_EQ(nodes->size(), 914u);

  int accepted = 0;
  std::map<std::string, int> accepted_flags;
  for (JsonNode& node : *nodes) {
    const auto vector = ReadVector(std::move(node));
    ASSERT_TRUE(vector) << vector.error().message;
    if (!Verify(vector->key, AsBytes(vector->message), vector->signature)) continue;
    ++accepted;
    for (const std::string& flag : vector->flags) ++accepted_flags[flag];
  }
  EXPECT_EQ(accepted, 43);
  for (const char* dangerous : {"low_order_A", "low_order_R", "non_canonical_A", "non_canonical_R",
                                "low_order_residue", "reencoded_k"}) {
    EXPECT_EQ(accepted_flags[dangerous], 0) << dangerous;
  }
}

}  // namespace
}  // namespace plasm::crypto
