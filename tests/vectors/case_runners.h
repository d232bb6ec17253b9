// One function for each file of spec/vectors: runs a case through the product's own functions
// and reports with EXPECT_* what differs. Each takes every member of the case.
#pragma once

#include "vector_file.h"

namespace plasm::vectors {

void RunJobCase(CaseFields& fields);
void RunReceiptCase(CaseFields& fields);
void RunQuorumCase(CaseFields& fields);
void RunCardCase(CaseFields& fields);
void RunTrustCase(CaseFields& fields);
void RunLogCase(CaseFields& fields);

}  // namespace plasm::vectors
