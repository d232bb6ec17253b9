<?php

// Says what a receipt is worth. Nothing but PHP is needed.
//   php verify_receipt.php [OPTIONS] RECEIPT
// RECEIPT is a file, or an https:// address. What lies beside it under its name with .tlog-proof
// or .manifest.json is taken too. A bundle of several nodes' answers (JOB.quorum.json) has all of that inside.
//   --data-folder DIR    the nodes that plasm trusts there
//   --identity KEY --card FILE    one node by its identity key, and its card
//   --key HEX            the key alone: that of receipts, or the log's for a receipt of a batch
//   --policy FILE        witnesses that are demanded
//   --nonce HEX          of the request that it should answer
//   --agree M            of a bundle: so many nodes have to give the same result
//   --output NAME=FILE   bytes that it should name; NAME is stdout, stderr or file:/PATH; repeatable
// The exit status is the verdict's.

declare(strict_types=1);

require __DIR__ . '/../src/autoload.php';

use Plasm\Document\QuorumBundle;
use Plasm\Exception\PlasmException;
use Plasm\Keys\PublicKey;
use Plasm\Log\Policy;
use Plasm\Trust\CardOutcome;
use Plasm\Trust\Trust;
use Plasm\Verify\Evidence;
use Plasm\Verify\QuorumEvidence;
use Plasm\Verify\QuorumVerification;
use Plasm\Verify\QuorumVerifier;
use Plasm\Verify\Verification;
use Plasm\Verify\Verifier;

const MOST = (16 << 20) + 1;

/** The contents; null when it is not there. It does not matter who gives them: they are verified. */
function fetch(string $place): ?string
{
    $isFile = !str_contains($place, '://');
    if (!$isFile && !str_starts_with($place, 'https://')) {
        throw new RuntimeException("$place: expected a file or an https:// address");
    }
    $text = $isFile && !is_file($place) ? false : @file_get_contents($place, false, null, 0, MOST);

    return $text === false ? null : $text;
}

function required(string $place): string
{
    return fetch($place) ?? throw new RuntimeException("$place: can't be read");
}

function tell(Verification $verification): void
{
    echo "{$verification->verdict->value}  {$verification->verdict->meaning()}\n";
    if ($verification->reason !== '') {
        echo "  why     {$verification->reason}\n";
    }
    $statement = $verification->statement;
    if ($statement !== null && $verification->isValid()) {
        echo "  job     {$statement->jobId}\n  module  {$statement->moduleDigest}\n";
        echo "  ended   {$statement->status} {$statement->exitCode}{$statement->trap}, {$statement->end->toString()}\n";
    }
    if ($verification->log !== null) {
        echo "  log     entry {$verification->log->index} of {$verification->log->size} in {$verification->log->origin}\n";
    }
    foreach ($verification->notes as $note) {
        echo "  note    $note\n";
    }
}

function tellBundle(QuorumVerification $verification): void
{
    echo "{$verification->verdict->value}  {$verification->verdict->meaning()}\n";
    if ($verification->reason !== '') {
        echo "  why     {$verification->reason}\n";
    }
    foreach ($verification->answers as $answer) {
        $node = $answer->verification->node ?? $answer->verification->statement?->identity ?? '?';
        echo "  answer  $node: ", match (true) {
            !$answer->verification->isValid() => "{$answer->verification->verdict->value}, {$answer->verification->reason}",
            !$answer->counts => "does not count: $answer->whyNot",
            default => $answer->agrees ? 'agrees' : 'differs',
        }, "\n";
    }
}

$options = getopt('', ['data-folder:', 'identity:', 'card:', 'key:', 'policy:', 'nonce:', 'agree:', 'output:'], $next);
if ($options === false || $argc !== $next + 1) {
    fwrite(STDERR, 'usage: php verify_receipt.php [--data-folder DIR | --identity KEY --card FILE | --key HEX]'
        . " [--policy FILE] [--nonce HEX] [--agree M] [--output NAME=FILE] RECEIPT\n");
    exit(2);
}

try {
    $trust = isset($options['data-folder']) ? Trust::fromDataFolder($options['data-folder']) : Trust::nobody();
    if (isset($options['identity'])) {
        [$trust, $outcome] = Trust::pin($options['identity'])->offer(required($options['card'] ?? ''));
        if ($outcome !== CardOutcome::Accepted) {
            throw new RuntimeException('the card is not accepted: ' . ($outcome->value ?? 'it is of another node'));
        }
    }
    $outputs = [];
    foreach ((array) ($options['output'] ?? []) as $output) {
        [$name, $file] = explode('=', $output, 2) + [1 => ''];
        $outputs[$name] = @hash_file('sha256', $file) ?: throw new RuntimeException("$file: can't be read");
    }
    $receipt = required($argv[$next]);
    $policy = isset($options['policy']) ? Policy::parse(required($options['policy'])) : null;
    if (QuorumBundle::isOne($receipt)) {
        if (isset($options['key']) || isset($options['nonce'])) {
            throw new RuntimeException("$argv[$next] is a bundle: --key and --nonce are for receipts");
        }
        $agree = isset($options['agree'])
            ? filter_var($options['agree'], FILTER_VALIDATE_INT, ['options' => ['min_range' => 1, 'max_range' => 64]]) : null;
        if ($agree === false) {
            throw new RuntimeException('--agree: expected a number from 1 to 64');
        }
        $verification = QuorumVerifier::verify(new QuorumEvidence($receipt, $trust, $agree, $policy, outputs: $outputs));
        tellBundle($verification);
        exit($verification->verdict->exitStatus());
    }
    $verification = Verifier::verify(new Evidence(
        $receipt,
        fetch("$argv[$next].tlog-proof"),
        isset($options['key']) ? PublicKey::fromHex($options['key']) : null,
        $trust,
        $policy,
        manifest: fetch("$argv[$next].manifest.json"),
        nonce: $options['nonce'] ?? null,
        outputs: $outputs,
    ));
} catch (PlasmException|RuntimeException $error) {
    fwrite(STDERR, "verify_receipt: {$error->getMessage()}\n");
    exit(1);
}

tell($verification);
exit($verification->verdict->exitStatus());
