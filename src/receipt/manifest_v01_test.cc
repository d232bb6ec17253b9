#include "receipt/manifest_v01.h"

#include <gtest/gtest.h>

#include <string>

namespace plasm::receipt {
namespace {

const std::string kHash = "sha256:" + std::string(64, 'a');

std::string Manifest(const std::string& version, const std::string& hash, const std::string& cores,
                     const std::string& memory, const std::string& timeout,
                     const std::string& more = "") {
  return "{\"version\":" + version + ",\"module_hash\":" + hash + ",\"cpu_cores\":" + cores +
         ",\"memory_mb\":" + memory + ",\"timeout_seconds\":" + timeout + more + "}";
}
const std::string kGoodVersion = "\"0.1\"";
const std::string kGoodHash = '"' + kHash + '"';

std::string Refusal(const std::string& text) {
  const auto parsed = ParseManifestV01(AsBytes(text));
  return parsed ? "accepted" : parsed.error().message;
}

TEST(ManifestV01Test, ReadsTheFiveFields) {
  const auto manifest =
      ParseManifestV01(AsBytes(Manifest(kGoodVersion, kGoodHash, "2", "256", "15")));
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(manifest->version, "0.1");
  EXPECT_EQ(manifest->module_hash.ToString(), kHash);
  EXPECT_EQ(manifest->cpu_cores, 2u);
  EXPECT_EQ(manifest->memory_mb, 256u);
  EXPECT_EQ(manifest->timeout_seconds, 15u);
}

TEST(ManifestV01Test, DefaultsAreThoseOfTheSdk) {
  ManifestV01 manifest;
  manifest.module_hash = *Sha256Digest::FromString(kHash);
  EXPECT_EQ(SerializeManifestV01(manifest, JsonStyle::kCompact),
            Manifest(kGoodVersion, kGoodHash, "1", "128", "300"));
}

TEST(ManifestV01Test, WhatIsWrittenReadsBackTheSame) {
  const ManifestV01 manifest{"12.34", Sha256Of(AsBytes("x")), 64, 32768, 3600};
  ASSERT_TRUE(CheckManifestV01(manifest));
  for (const JsonStyle style : {JsonStyle::kCompact, JsonStyle::kPretty}) {
    const auto again = ParseManifestV01(AsBytes(SerializeManifestV01(manifest, style)));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(*again, manifest);
  }
}

TEST(ManifestV01Test, RangesAreExact) {
  const auto with = [](const char* cores, const char* memory, const char* timeout) {
    return Refusal(Manifest(kGoodVersion, kGoodHash, cores, memory, timeout));
  };
  EXPECT_EQ(with("1", "1", "1"), "accepted");
  EXPECT_EQ(with("64", "32768", "3600"), "accepted");
  EXPECT_EQ(with("0", "1", "1"), "manifest.cpu_cores: found 0, expected an integer from 1 to 64");
  EXPECT_EQ(with("65", "1", "1"), "manifest.cpu_cores: found 65, expected an integer from 1 to 64");
  EXPECT_NE(with("1", "0", "1"), "accepted");
  EXPECT_NE(with("1", "32769", "1"), "accepted");
  EXPECT_NE(with("1", "1", "0"), "accepted");
  EXPECT_NE(with("1", "1", "3601"), "accepted");
  EXPECT_NE(with("4294967297", "1", "1"), "accepted");  // 2^32 + 1
  EXPECT_NE(with("-1", "1", "1"), "accepted");
  EXPECT_NE(with("1.0", "1", "1"), "accepted");
  EXPECT_NE(with("\"1\"", "1", "1"), "accepted");
}

TEST(ManifestV01Test, RefusesBadPatternsAndOtherKeys) {
  EXPECT_NE(Refusal(Manifest("\"1\"", kGoodHash, "1", "1", "1")), "accepted");
  EXPECT_NE(Refusal(Manifest("0.1", kGoodHash, "1", "1", "1")), "accepted");
  EXPECT_NE(Refusal(Manifest(kGoodVersion, "\"sha256:00\"", "1", "1", "1")), "accepted");
  EXPECT_EQ(Refusal(Manifest(kGoodVersion, kGoodHash, "1", "1", "1", ",\"env\":1")),
            "manifest: unknown key \"env\"");
  EXPECT_EQ(Refusal(Manifest(kGoodVersion, kGoodHash, "1", "1", "1", ",\"cpu_cores\":1")),
            "manifest: duplicate key \"cpu_cores\"");
  EXPECT_EQ(Refusal("{}"), "manifest: missing key \"version\"");
}

TEST(ManifestV01Test, BuiltManifestsAreCheckedToo) {
  EXPECT_TRUE(CheckManifestV01({}));
  EXPECT_FALSE(CheckManifestV01({.version = "one", .module_hash = {}}));
  EXPECT_FALSE(CheckManifestV01({.module_hash = {}, .cpu_cores = 0}));
  EXPECT_FALSE(CheckManifestV01({.module_hash = {}, .memory_mb = 32769}));
  EXPECT_FALSE(CheckManifestV01({.module_hash = {}, .timeout_seconds = 3601}));
}

}  // namespace
}  // namespace plasm::receipt
