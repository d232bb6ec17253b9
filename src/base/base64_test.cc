#include "base/base64.h"

#include <gtest/gtest.h>

namespace plasm {
namespace {

std::string Encoded(std::string_view text) { return EncodeBase64(AsBytes(text)); }

TEST(Base64Test, AgreesWithTheExamplesOfRfc4648) {
  const std::pair<const char*, const char*> examples[] = {{"", ""},
                                                          {"f", "Zg=="},
                                                          {"fo", "Zm8="},
                                                          {"foo", "Zm9v"},
                                                          {"foob", "Zm9vYg=="},
                                                          {"fooba", "Zm9vYmE="},
                                                          {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : examples) {
    EXPECT_EQ(Encoded(plain), encoded);
    ASSERT_TRUE(DecodeBase64(encoded));
    EXPECT_EQ(AsText(*DecodeBase64(encoded)), plain);
  }
}

TEST(Base64Test, EveryByteValueComesBack) {
  Bytes all;
  for (unsigned i = 0; i < 256; ++i) all.push_back(static_cast<std::byte>(i));
  for (std::size_t cut = 0; cut < 3; ++cut) {
    const ByteView some = ByteView(all).subspan(cut);
    const auto decoded = DecodeBase64(EncodeBase64(some));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(*decoded, Bytes(some.begin(), some.end()));
  }
}

TEST(Base64Test, UnpaddedFormOnlyLacksThePadding) {
  EXPECT_EQ(EncodeBase64Unpadded(AsBytes("f")), "Zg");
  EXPECT_EQ(EncodeBase64Unpadded(AsBytes("fo")), "Zm8");
  EXPECT_EQ(EncodeBase64Unpadded(AsBytes("foo")), "Zm9v");
}

TEST(Base64Test, RefusesNonCanonicalTrailingBits) {
  EXPECT_FALSE(DecodeBase64("Zh=="));  // "f" is Zg==
  EXPECT_FALSE(DecodeBase64("Zm9="));  // "fo" is Zm8=
}

TEST(Base64Test, RefusesMissingPadding) {
  EXPECT_FALSE(DecodeBase64("Zg"));
  EXPECT_FALSE(DecodeBase64("Zg="));
  EXPECT_FALSE(DecodeBase64("Zm8"));
}

TEST(Base64Test, RefusesSurplusAndMisplacedPadding) {
  for (const char* text : {"=", "==", "===", "====", "Z===", "Zg===", "Zm9v====", "Zm9v=", "Z=g=",
                           "=Zg=", "Zg==Zg==", "Zm9v=A=="}) {
    EXPECT_FALSE(DecodeBase64(text)) << text;
  }
}

TEST(Base64Test, RefusesTrailingBytes) {
  for (const char* text : {"Zg==\n", "Zm9v\n", "Zm9v ", "Zm9vYg==\r\n"}) {
    EXPECT_FALSE(DecodeBase64(text)) << text;
  }
  EXPECT_FALSE(DecodeBase64(std::string_view("Zm9v\0\0\0\0", 8)));
}

TEST(Base64Test, RefusesOtherAlphabetsAndBlanks) {
  for (const char* text : {"-_-_", "Zm 9", "Zm\n9", "Zm9\xc3"}) {
    EXPECT_FALSE(DecodeBase64(text)) << text;
  }
  EXPECT_EQ(DecodeBase64("Zm_v").error().message,
            "base64: found byte 0x5f at offset 2, expected A-Z a-z 0-9 + or /");
}

// Whatever is accepted is the one spelling of its bytes.
TEST(Base64Test, NoTwoTextsDecodeToTheSameBytes) {
  const std::string_view some = "AQgwZz059+/=";
  int accepted = 0;
  for (const char a : some) {
    for (const char b : some) {
      for (const char c : some) {
        for (const char d : some) {
          const std::string text{a, b, c, d};
          const auto decoded = DecodeBase64(text);
          if (!decoded) continue;
          ++accepted;
          EXPECT_EQ(EncodeBase64(*decoded), text);
        }
      }
    }
  }
  EXPECT_GT(accepted, 1000);
}

TEST(Base64Test, TakesEitherAlphabetWhereAsked) {
  const Bytes bytes = {std::byte{0xfb}, std::byte{0xff}, std::byte{0xfe}};
  ASSERT_EQ(EncodeBase64(bytes), "+//+");
  EXPECT_EQ(*DecodeBase64OrBase64Url("+//+"), bytes);
  EXPECT_EQ(*DecodeBase64OrBase64Url("-__-"), bytes);
  EXPECT_FALSE(DecodeBase64("-__-"));
}

TEST(Base64Test, RefusesMixedAlphabets) {
  EXPECT_FALSE(DecodeBase64OrBase64Url("-//+"));
  EXPECT_FALSE(DecodeBase64OrBase64Url("+__+"));
}

TEST(Base64Test, UrlAlphabetIsAsStrict) {
  for (const char* text : {"-_8", "-_9=", "-_==_", "-__ "}) {
    EXPECT_FALSE(DecodeBase64OrBase64Url(text)) << text;
  }
}

}  // namespace
}  // namespace plasm
