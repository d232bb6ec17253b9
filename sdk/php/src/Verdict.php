<?php

declare(strict_types=1);

namespace Plasm;

/**
 * What a receipt is worth: the first step of spec/receipt.md section 8 that fails, or one of the
 * two that say that none did. The values are the names that every program of Plasm uses.
 */
enum Verdict: string
{
    case Valid = 'VALID';
    case ValidLegacyUnbound = 'VALID_LEGACY_UNBOUND';
    case Malformed = 'MALFORMED';
    case BadSignature = 'BAD_SIGNATURE';
    case UnknownKey = 'UNKNOWN_KEY';
    case WrongKey = 'WRONG_KEY';
    case NodeBlocked = 'NODE_BLOCKED';
    case KeyNotValid = 'KEY_NOT_VALID';
    case KeyRevoked = 'KEY_REVOKED';
    case NotLogged = 'NOT_LOGGED';
    case BadLogProof = 'BAD_LOG_PROOF';
    case NotWitnessed = 'NOT_WITNESSED';
    case Inconsistent = 'INCONSISTENT';
    case WrongJob = 'WRONG_JOB';
    case TooLate = 'TOO_LATE';
    case WrongOutput = 'WRONG_OUTPUT';
    // Of several nodes' answers to one job (spec/quorum.md), which `plasm verify` reads.
    case NoQuorum = 'NO_QUORUM';
    // Never given here: running a job again needs an engine (`plasm verify --replay`).
    case ReplayDiffers = 'REPLAY_DIFFERS';
    case ReplayInconclusive = 'REPLAY_INCONCLUSIVE';
    case ReplayImpossible = 'REPLAY_IMPOSSIBLE';

    /** A receipt v2 that passed every step. `ValidLegacyUnbound` is less: see its meaning. */
    public function isValid(): bool
    {
        return $this === self::Valid;
    }

    /** The exit status that programs give for it. */
    public function exitStatus(): int
    {
        return match ($this) {
            self::Valid, self::ValidLegacyUnbound => 0,
            self::Malformed => 10,
            self::BadSignature => 11,
            self::UnknownKey => 12,
            self::WrongKey => 13,
            self::NodeBlocked => 14,
            self::KeyNotValid => 15,
            self::KeyRevoked => 16,
            self::NotLogged => 17,
            self::BadLogProof => 18,
            self::NotWitnessed => 19,
            self::Inconsistent => 20,
            self::WrongJob => 21,
            self::TooLate => 22,
            self::WrongOutput => 23,
            self::NoQuorum => 24,
            self::ReplayDiffers => 30,
            self::ReplayInconclusive => 31,
            self::ReplayImpossible => 32,
        };
    }

    /** One line for people. */
    public function meaning(): string
    {
        return match ($this) {
            self::Valid => 'a trusted node answers for this result, and all that was given agrees with it',
            self::ValidLegacyUnbound => 'the given key signed it; a receipt v0.1 says nothing of input and output',
            self::Malformed => 'not a receipt',
            self::BadSignature => 'the signature is not that of this key over these bytes',
            self::UnknownKey => 'nobody who is trusted here answers for the key',
            self::WrongKey => 'the receipt names another key than the given one',
            self::NodeBlocked => 'the node is blocked here',
            self::KeyNotValid => 'the key was not valid when the job ended',
            self::KeyRevoked => 'the key is revoked, and nothing proves that the receipt was logged before',
            self::NotLogged => 'it has to be in a log, and nothing proves that it is',
            self::BadLogProof => 'the proof does not show that it is in the log of its node',
            self::NotWitnessed => 'too few of the demanded witnesses have seen the log as it is proven here',
            self::Inconsistent => 'parts of the receipt contradict each other',
            self::WrongJob => 'it answers another request',
            self::TooLate => 'the job was started later than the request allows',
            self::WrongOutput => 'an output that was given is not the one that the receipt names',
            self::NoQuorum => 'too few trusted nodes answer with the same result',
            self::ReplayDiffers => 'run again, the job gave another result',
            self::ReplayInconclusive => 'run again, the job ended in a way that says nothing',
            self::ReplayImpossible => 'the job can not be run again with what is there',
        };
    }
}
