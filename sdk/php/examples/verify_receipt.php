<?php

// Says what a receipt is worth. Nothing but PHP is needed.
//   php verify_receipt.php [OPTIONS] RECEIPT
// RECEIPT is a file, or an https:// address. What lies beside it under its name with .tlog-proof
// or .manifest.json is taken too.
//   --data-folder DIR    the nodes that plasm trusts there
//   --identity KEY --card FILE    one node by its identity key, and its card
//   --key HEX            the key alone: that of receipts, or the log's for a receipt of a batch
//   --policy FILE        witnesses that are demanded
//   --nonce HEX          of the request that it should answer
//   --output NAME=FILE   bytes that it should name; NAME is stdout, stderr or file:/PATH; repeatable
// The exit status is the verdict's.

declare(strict_types=1);

require __DIR__ . '/../src/autoload.php';

use Plasm\Exception\PlasmException;
use Plasm\Keys\PublicKey;
use Plasm\Log\Policy;
use Plasm\Trust\CardOutcome;
use Plasm\Trust\Trust;
use Plasm\Verify\Evidence;
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

$options = getopt('', ['data-folder:', 'identity:', 'card:', 'key:', 'policy:', 'nonce:', 'output:'], $next);
if ($options === false || $argc !== $next + 1) {
    fwrite(STDERR, 'usage: php verify_receipt.php [--data-folder DIR | --identity KEY --card FILE | --key HEX]'
        . " [--policy FILE] [--nonce HEX] [--output NAME=FILE] RECEIPT\n");
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
    $verification = Verifier::verify(new Evidence(
        required($argv[$next]),
        fetch("$argv[$next].tlog-proof"),
        isset($options['key']) ? PublicKey::fromHex($options['key']) : null,
        $trust,
        isset($options['policy']) ? Policy::parse(required($options['policy'])) : null,
        manifest: fetch("$argv[$next].manifest.json"),
        nonce: $options['nonce'] ?? null,
        outputs: $outputs,
    ));
} catch (PlasmException|RuntimeException $error) {
    fwrite(STDERR, "verify_receipt: {$error->getMessage()}\n");
    exit(1);
}

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
exit($verification->verdict->exitStatus());
