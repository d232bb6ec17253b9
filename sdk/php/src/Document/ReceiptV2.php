<?php

declare(strict_types=1);

namespace Plasm\Document;

use Plasm\Exception\MalformedException;
use Plasm\Json\JsonLimits;
use Plasm\Json\Node;

/** Reads receipts v2: envelope and statement, as far as form goes (spec/receipt.md 1 to 4). */
final class ReceiptV2
{
    public const MAX_BYTES = 16 << 20;
    public const MAX_PAYLOAD_BYTES = 8 << 20;
    private const MAX_VALUES = 400_000;

    private function __construct(public readonly Envelope $envelope, public readonly Statement $statement)
    {
    }

    /** @throws MalformedException */
    public static function parse(string $json): self
    {
        $envelope = Envelope::parse($json, Envelope::RECEIPT_TYPE, self::MAX_BYTES);
        $node = Node::parse(
            $envelope->payload,
            'statement',
            new JsonLimits(self::MAX_PAYLOAD_BYTES, values: self::MAX_VALUES),
        );
        $node->members(['_type', 'subject', 'predicateType', 'predicate']);
        $node->get('_type')->is('https://in-toto.io/Statement/v1');
        $node->get('predicateType')->is('urn:plasm:receipt:v2');
        $statement = self::statement(self::subjects($node->get('subject')), $node->get('predicate'));
        if (($envelope->signature === null) !== $statement->isBatch) {
            throw new MalformedException('signatures: expected one with signing "each", and none with "batch"');
        }

        return new self($envelope, $statement);
    }

    /** @return array<array-key, string> */
    private static function subjects(Node $node): array
    {
        $subjects = [];
        $before = null;
        foreach ($node->items() as $index => $item) {
            $item->members(['name', 'digest']);
            $name = $item->get('name')->string();
            $digest = $item->get('digest')->members(['sha256'])->get('sha256')->digest();
            if ($index < 2) {
                $item->get('name')->is(['stdout', 'stderr'][$index]);
            } else {
                $isFile = str_starts_with($name, 'file:') && strlen($name) > 5 && !str_contains($name, "\0");
                if (!$isFile || ($before !== null && strcmp($before, $name) >= 0)) {
                    $item->get('name')->refuse($item->get('name')->kind(), 'files, sorted bytewise, each once');
                }
                $before = $name;
            }
            $subjects[$name] = $digest;
        }
        if (count($subjects) < 2) {
            $node->refuse(count($subjects) . ' subjects', 'stdout and stderr');
        }

        return $subjects;
    }

    /** @param array<array-key, string> $subjects */
    private static function statement(array $subjects, Node $predicate): Statement
    {
        $predicate->members(
            ['job', 'module', 'input', 'limits', 'runtime', 'result', 'observed', 'node'],
            ['resultDigest'],
        );
        $job = $predicate->get('job')->members(['manifest', 'id'], ['requester', 'nonce', 'notAfter']);
        $module = $predicate->get('module')->members(['sha256', 'size']);
        $input = $predicate->get('input')->members(['args', 'env', 'stdin', 'trees']);
        $runtime = $predicate->get('runtime')->members(['engine', 'version', 'target', 'configuration', 'profile']);
        $result = $predicate->get('result');
        $observed = $predicate->get('observed')->members(['start', 'end', 'wallTimeNs', 'attempts']);
        $node = $predicate->get('node')->members(['identity', 'key', 'signing', 'boot', 'sequence'], ['log']);
        foreach (['start', 'end'] as $name) {
            if (!$observed->get($name)->time()->hasFraction) {
                $observed->get($name)->refuse('no milliseconds', 'three digits of them');
            }
        }
        $profile = $runtime->get('profile')->oneOf(['plasm-det-1', 'live']);
        $status = self::checkedStatus($result);
        $hasDigest = $profile === 'plasm-det-1' && in_array($status, Statement::COUNTS_FUEL, true);
        self::expectPresence($predicate, 'resultDigest', $hasDigest);
        $isBatch = $node->get('signing')->oneOf(['each', 'batch']) === 'batch';
        if ($isBatch && !$node->has('log')) {
            $node->refuse('no log', 'one where signing is "batch"');
        }

        return new Statement(
            subjects: $subjects,
            manifestDigest: $job->get('manifest')->members(['sha256'])->get('sha256')->digest(),
            jobId: $job->get('id')->uuid('job-'),
            requester: $job->has('requester') ? $job->get('requester')->fingerprint() : null,
            nonce: $job->has('nonce') ? $job->get('nonce')->nonce() : null,
            notAfter: $job->has('notAfter') ? $job->get('notAfter')->time() : null,
            moduleDigest: $module->get('sha256')->digest(),
            moduleSize: $module->get('size')->decimal(),
            argsDigest: $input->get('args')->digest(),
            envDigest: $input->get('env')->digest(),
            stdinDigest: $input->get('stdin')->digest(),
            trees: InputTree::readAll($input->get('trees')),
            limits: Limits::read($predicate->get('limits')),
            engine: $runtime->get('engine')->word(),
            engineVersion: $runtime->get('version')->word(),
            target: $runtime->get('target')->word(),
            configuration: $runtime->get('configuration')->digest(),
            profile: $profile,
            status: $status,
            exitCode: $result->has('exitCode') ? $result->get('exitCode')->integer(0, 0xFFFFFFFF) : null,
            trap: $result->has('trap')
                ? $result->get('trap')->matching('[a-z0-9_]{1,64}', '1 to 64 of a-z 0-9 _') : null,
            reason: $result->has('reason') ? $result->get('reason')->text(1, 1024) : null,
            fuelUsed: $result->has('fuelUsed') ? $result->get('fuelUsed')->decimal() : null,
            stdoutBytes: $result->get('stdoutBytes')->decimal(),
            stderrBytes: $result->get('stderrBytes')->decimal(),
            truncated: $result->get('truncated')->boolean(),
            resultDigest: $hasDigest
                ? $predicate->get('resultDigest')->members(['sha256'])->get('sha256')->digest() : null,
            start: $observed->get('start')->time(),
            end: $observed->get('end')->time(),
            wallTimeNs: $observed->get('wallTimeNs')->decimal(),
            attempts: $observed->get('attempts')->integer(1, 0xFFFFFFFF),
            identity: $node->get('identity')->fingerprint(),
            key: $node->get('key')->fingerprint(),
            isBatch: $isBatch,
            log: $node->has('log') ? $node->get('log')->origin() : null,
            boot: $node->get('boot')->uuid(),
            sequence: $node->get('sequence')->decimal(),
        );
    }

    /** The status; the members that depend on it are there exactly where they should be. */
    private static function checkedStatus(Node $result): string
    {
        $result->members(
            ['status', 'stdoutBytes', 'stderrBytes', 'truncated'],
            ['exitCode', 'trap', 'reason', 'fuelUsed'],
        );
        $status = $result->get('status')->oneOf([...Statement::COUNTS_FUEL, 'timed_out', 'cancelled', 'rejected']);
        self::expectPresence($result, 'exitCode', $status === 'exited');
        self::expectPresence($result, 'trap', $status === 'trapped');
        self::expectPresence($result, 'fuelUsed', in_array($status, Statement::COUNTS_FUEL, true));
        if ($status !== 'rejected') {
            self::expectPresence($result, 'reason', false);
        }

        return $status;
    }

    private static function expectPresence(Node $node, string $member, bool $expected): void
    {
        if ($node->has($member) !== $expected) {
            $node->refuse($expected ? "no $member" : $member, $expected ? 'one in this case' : 'none in this case');
        }
    }
}
