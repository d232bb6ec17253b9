#include "receipt/engine_configuration.h"

#include <gtest/gtest.h>

namespace plasm::receipt {
namespace {

// By `sha256sum` over the lines of spec/receipt.md section 6.
TEST(EngineConfigurationTest, IsTheDigestOfTheLinesOfTheSpecification) {
  EXPECT_EQ(EngineConfiguration("48.0.8").ToHex(),
            "39cb948aee5aa2d1f5a3bb6e3adec391c4d719d35ce44f1a8e527ec63d2e0274");
}

TEST(EngineConfigurationTest, AnotherVersionIsAnotherConfiguration) {
  EXPECT_NE(EngineConfiguration("48.0.8"), EngineConfiguration("48.0.9"));
}

}  // namespace
}  // namespace plasm::receipt
