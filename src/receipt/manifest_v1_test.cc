#include "receipt/manifest_v1.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>

#include "base/base64.h"
#include "receipt/testing/examples.h"
#include "receipt/testing/json_mutations.h"

namespace plasm::receipt {
namespace {

using testing::DigestOf;
using testing::ExampleManifest;
using testing::JsonMutations;
using testing::ToBytes;
using testing::With;

// The example of spec/job.md section 9.
constexpr std::string_view kHello =
    R"({"type":"urn:plasm:job:v1",)"
    R"("module":{"sha256":"dedd6c1463ea83087be69c6863c3e76976a38dbe9708d8d842a72fc6580ccbfc",)"
    R"("size":"15547"},"args":["hello.wasm","Hello, World!"],"env":[],)"
    R"("stdin":{"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",)"
    R"("size":"0"},"inputs":[],"outputs":[],)"
    R"("limits":{"memoryBytes":"536870912","fuel":"9223372036854775807",)"
    R"("outputBytes":"67108864","fileBytes":"1073741824","fileNodes":"1048576",)"
    R"("wallTimeMs":"300000"},"profile":"plasm-det-1","startTime":"1700000000000000000",)"
    R"("seed":"0000000000000000000000000000000000000000000000000000000000000001"})";

Result<Manifest> Parse(std::string_view json) { return ParseManifest(AsBytes(json)); }

std::string Message(std::string_view json) {
  const auto parsed = Parse(json);
  return parsed ? "" : parsed.error().message;
}

std::string Changed(const std::function<void(Manifest&)>& change) {
  Manifest manifest = ExampleManifest();
  change(manifest);
  return SerializeManifest(manifest);
}

TEST(ManifestV1Test, ReadsAndWritesTheExampleOfTheSpecification) {
  const auto manifest = Parse(kHello);
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(manifest->module.size, 15547u);
  EXPECT_EQ(manifest->args, (std::vector<std::string>{"hello.wasm", "Hello, World!"}));
  EXPECT_EQ(manifest->limits.fuel, Limits::kMaxFuel);
  EXPECT_EQ(manifest->seed.back(), std::byte{1});
  EXPECT_EQ(SerializeManifest(*manifest), kHello);
}

TEST(ManifestV1Test, ReadsWhatItWritesWithEveryMember) {
  const auto read = Parse(SerializeManifest(ExampleManifest()));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, ExampleManifest());
}

TEST(ManifestV1Test, OnlyOptionalMembersMayBeMissing) {
  const std::set<std::string> optional = {"stdin.base64",
                                          "inputs[].layout",
                                          "requester",
                                          "nonce",
                                          "notAfter",
                                          "placement",
                                          "placement.arch",
                                          "placement.labels",
                                          "retry",
                                          "placement.labels.zone",
                                          "placement.labels.Zone"};
  std::set<std::string> accepted;
  for (const auto& [place, json] :
       JsonMutations(SerializeManifest(ExampleManifest())).DropEachMember()) {
    if (Parse(json)) accepted.insert(place);
  }
  EXPECT_EQ(accepted, optional);
}

TEST(ManifestV1Test, RefusesDoubledRenamedUnknownAndNullMembersAtEveryPlace) {
  JsonMutations mutations(SerializeManifest(ExampleManifest()));
  for (const auto& [place, json] : mutations.DoubleEachMember()) EXPECT_FALSE(Parse(json)) << place;
  for (const auto& [place, json] : mutations.ReplaceEachValue(JsonValue{})) {
    EXPECT_FALSE(Parse(json)) << place;
  }
  const auto free = [](const std::string& place) { return place.starts_with("placement.labels."); };
  for (const auto& [place, json] : mutations.ChangeTheCaseOfEachName()) {
    if (free(place)) continue;
    EXPECT_FALSE(Parse(json)) << place;
  }
  const JsonMember unknown{"x", JsonValue{std::string("y")}};
  for (const auto& [place, json] : mutations.AddToEachObject(unknown)) {
    if (free(place)) continue;
    EXPECT_FALSE(Parse(json)) << place;
  }
}

TEST(ManifestV1Test, CountsAreDecimalStringsOfOneSpelling) {
  for (const char* bad : {"67108864", "\"067108864\"", "\"+1\"", "\"-0\"", "\"1.0\"", "\"1e2\"",
                          "\" 1\"", "\"\"", "\"0x10\"", "\"18446744073709551616\""}) {
    EXPECT_FALSE(Parse(With(std::string(kHello), R"("67108864")", bad))) << bad;
  }
  const auto odd = Parse(With(std::string(kHello), R"("67108864")", R"("9007199254740993")"));
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->limits.output_bytes, 9'007'199'254'740'993u);
}

TEST(ManifestV1Test, NumbersHaveNoFractionExponentOrMinusZero) {
  const std::string json = SerializeManifest(ExampleManifest());
  const std::string_view attempts = R"("attempts":100)";
  for (const char* good : {"1", "100"}) {
    EXPECT_TRUE(Parse(With(json, attempts, std::string("\"attempts\":") + good))) << good;
  }
  for (const char* bad : {"0", "101", "-0", "-1", "1.0", "1e2", "1E0", "01", "9007199254740993",
                          "18446744073709551616", "\"1\"", "true"}) {
    EXPECT_FALSE(Parse(With(json, attempts, std::string("\"attempts\":") + bad))) << bad;
  }
}

TEST(ManifestV1Test, FuelAndFileNodesHaveABound) {
  EXPECT_FALSE(Parse(With(std::string(kHello), "9223372036854775807", "9223372036854775808")));
  EXPECT_TRUE(Parse(With(std::string(kHello), "1048576", "1073741824")));
  EXPECT_FALSE(Parse(With(std::string(kHello), "1048576", "1073741825")));
}

TEST(ManifestV1Test, RefusesNulInEveryByteString) {
  const std::string nul("A=\0b", 4);
  EXPECT_FALSE(Parse(Changed([&](Manifest& m) { m.args.push_back(nul); })));
  EXPECT_FALSE(Parse(Changed([&](Manifest& m) { m.env.push_back(nul); })));
  EXPECT_FALSE(Parse(Changed([&](Manifest& m) { m.outputs.push_back(nul); })));
  EXPECT_FALSE(Parse(Changed([&](Manifest& m) { m.inputs[0].guest = nul; })));
}

TEST(ManifestV1Test, NoGuestPathIsEmpty) {
  EXPECT_FALSE(Parse(Changed([](Manifest& m) { m.outputs.push_back(""); })));
  EXPECT_FALSE(Parse(Changed([](Manifest& m) { m.inputs[0].guest = ""; })));
}

TEST(ManifestV1Test, AVariableHasANameAndAnEqualsSign) {
  for (const char* bad : {"", "A", "=", "=A"}) {
    EXPECT_FALSE(Parse(Changed([&](Manifest& m) { m.env.push_back(bad); }))) << bad;
  }
}

TEST(ManifestV1Test, NoOutputTwice) {
  EXPECT_FALSE(Parse(Changed([](Manifest& m) { m.outputs = {"/a", "/b", "/a"}; })));
}

TEST(ManifestV1Test, InlineInputIsWhatIsNamedAndAtMost64KiB) {
  const auto with = [](const std::string& bytes) {
    return Changed([&](Manifest& m) {
      m.stdin_name = {
          .sha256 = DigestOf(bytes), .size = bytes.size(), .inline_bytes = ToBytes(bytes)};
    });
  };
  EXPECT_TRUE(Parse(with("")));
  EXPECT_TRUE(Parse(with(std::string(65536, 'x'))));
  EXPECT_FALSE(Parse(with(std::string(65537, 'x'))));
  EXPECT_FALSE(Parse(Changed([](Manifest& m) { m.stdin_name.size = 3; })));
  EXPECT_FALSE(Parse(Changed([](Manifest& m) { m.stdin_name.sha256 = DigestOf("other"); })));
}

TEST(ManifestV1Test, NoncesHave32To128HexDigitsInPairs) {
  const auto with = [](const std::string& nonce) {
    return Changed([&](Manifest& m) { m.nonce = nonce; });
  };
  for (const std::size_t size : {32u, 34u, 128u}) EXPECT_TRUE(Parse(with(std::string(size, '0'))));
  for (const std::size_t size : {0u, 30u, 31u, 33u, 129u, 130u}) {
    EXPECT_FALSE(Parse(with(std::string(size, '0')))) << size;
  }
  EXPECT_FALSE(Parse(with(std::string(32, 'A'))));
  EXPECT_FALSE(Parse(with(std::string(32, 'g'))));
}

TEST(ManifestV1Test, TakesTimesWithAndWithoutMilliseconds) {
  const std::string json = SerializeManifest(ExampleManifest());
  const std::string_view time = "2027-01-15T08:00:00.000Z";
  EXPECT_TRUE(Parse(With(json, time, "2027-01-15T08:00:00Z")));
  for (const char* bad : {"2027-01-15T08:00:00", "2027-01-15t08:00:00z", "2027-02-29T08:00:00Z",
                          "2027-01-15T08:00:00.0Z", "2027-01-15T08:00:00+00:00", "1800000000"}) {
    EXPECT_FALSE(Parse(With(json, time, bad))) << bad;
  }
}

TEST(ManifestV1Test, RefusesOtherTypesProfilesAndFingerprints) {
  EXPECT_FALSE(Parse(With(std::string(kHello), "job:v1", "job:v2")));
  EXPECT_TRUE(Parse(With(std::string(kHello), "plasm-det-1", "live")));
  EXPECT_FALSE(Parse(With(std::string(kHello), "plasm-det-1", "Live")));
  EXPECT_FALSE(Parse(Changed([](Manifest& m) { m.requester->append("="); })));
  EXPECT_FALSE(Parse(Changed([](Manifest& m) { m.placement->arch = "x86 64"; })));
}

TEST(ManifestV1Test, RefusesWhatIsNotStrictJson) {
  const std::string json(kHello);
  EXPECT_FALSE(Parse("\xef\xbb\xbf" + json));
  EXPECT_FALSE(Parse(json + "x"));
  EXPECT_FALSE(Parse(json + json));
  EXPECT_TRUE(Parse(json + " \n"));
  EXPECT_FALSE(Parse(With(json, "Hello", R"(\ud800)")));
  EXPECT_FALSE(Parse(With(json, "Hello", R"(\udc00\ud800)")));
  EXPECT_FALSE(Parse(With(json, "Hello", "\xed\xa0\x80")));
  EXPECT_FALSE(Parse(With(json, "Hello", "\xff")));
  EXPECT_TRUE(Parse(With(json, "Hello", R"(\ud83d\ude00)")));
  EXPECT_FALSE(Parse(""));
  EXPECT_FALSE(Parse("[]"));
}

TEST(ManifestV1Test, KeepsToTheSizesAndTheDepth) {
  const std::string json(kHello);
  EXPECT_TRUE(Parse(json + std::string(kMaxManifestBytes - json.size(), ' ')));
  const auto large = Parse(json + std::string(kMaxManifestBytes - json.size() + 1, ' '));
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, ErrorCode::kLimitExceeded);

  const std::string bomb(100'000, '[');
  EXPECT_FALSE(Parse(bomb));
  EXPECT_FALSE(Parse(With(json, "[\"hello.wasm\",", bomb + ",")));
  std::string values = "[0";
  for (int i = 0; i < 262'144; ++i) values += ",0";
  const auto many = Parse(values + "]");
  ASSERT_FALSE(many);
  EXPECT_EQ(many.error().code, ErrorCode::kLimitExceeded);
}

TEST(ManifestV1Test, AnErrorNamesTheMember) {
  EXPECT_EQ(Message(With(std::string(kHello), "\"300000\"", "\"3e5\"")),
            "manifest.limits.wallTimeMs: found \"3e5\", expected a decimal number");
  EXPECT_EQ(Message(With(std::string(kHello), "\"env\":[]", "\"env\":[\"A\"]")),
            "manifest.env: found \"A\", expected KEY=value");
}

TEST(ManifestV1Test, TheDefaultSeedIsTheDigestOfTheBareManifest) {
  const std::string zeros(64, '0');
  const std::string bare = With(std::string(kHello), zeros.substr(1) + "1", zeros);
  const Sha256Digest expected = DigestOf("plasm-det-1 seed\n" + bare);

  Manifest manifest = *Parse(kHello);
  EXPECT_EQ(DefaultSeed(manifest), expected);
  manifest.stdin_name = ExampleManifest().stdin_name;
  manifest.nonce = std::string(32, 'a');
  manifest.not_after = UtcTime{1};
  manifest.requester = ExampleManifest().requester;
  manifest.placement = Placement{};
  manifest.retry = Retry{};
  manifest.seed.fill(std::byte{7});
  EXPECT_EQ(DefaultSeed(manifest), expected);
  manifest.args.push_back("x");
  EXPECT_NE(DefaultSeed(manifest), expected);
}

TEST(ManifestV1Test, TheDigestIsThatOfTheBytesAsTheyAre) {
  EXPECT_EQ(ManifestDigest(AsBytes(kHello)), DigestOf(kHello));
  EXPECT_NE(ManifestDigest(AsBytes(std::string(kHello) + " ")), DigestOf(kHello));
}

}  // namespace
}  // namespace plasm::receipt
