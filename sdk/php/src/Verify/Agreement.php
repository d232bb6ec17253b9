<?php

declare(strict_types=1);

namespace Plasm\Verify;

use Plasm\Document\JobManifest;
use Plasm\Document\ManifestText;
use Plasm\Document\Statement;
use Plasm\Exception\MalformedException;
use Plasm\Verdict;

/** Whether a statement's parts agree with each other and with a manifest. Pure. */
final class Agreement
{
    /** Step 10 of spec/receipt.md section 8. */
    public static function ofParts(Statement $statement): ?Refusal
    {
        if ($statement->start->milliseconds > $statement->end->milliseconds) {
            return self::inconsistent('it ended before it started');
        }
        if ($statement->truncated !== ($statement->status === 'output_limit')) {
            return self::inconsistent("truncated does not fit the status {$statement->status}");
        }
        if ($statement->resultDigest !== null
            && $statement->resultDigest !== hash('sha256', $statement->resultText())) {
            return self::inconsistent('resultDigest is not that of the result');
        }
        $nothing = hash('sha256', '');
        foreach (['module.size' => [$statement->moduleSize, $statement->moduleDigest],
            'result.stdoutBytes' => [$statement->stdoutBytes, $statement->subjects['stdout']],
            'result.stderrBytes' => [$statement->stderrBytes, $statement->subjects['stderr']]] as $name => $pair) {
            if (($pair[0] === '0') !== ($pair[1] === $nothing)) {
                return self::inconsistent("$name, {$pair[0]}, does not fit the digest {$pair[1]}");
            }
        }

        return null;
    }

    /** Step 11, spec/job.md section 8. */
    public static function withManifest(Statement $statement, string $manifest): ?Refusal
    {
        $digest = hash('sha256', $manifest);
        if ($digest !== $statement->manifestDigest) {
            return self::wrongJob("the manifest has the digest $digest, the receipt is for {$statement->manifestDigest}");
        }
        try {
            $parsed = JobManifest::parse($manifest);
        } catch (MalformedException $error) {
            return self::wrongJob($error->getMessage());
        }
        $pairs = [
            'module.sha256' => [$statement->moduleDigest, $parsed->moduleDigest],
            'module.size' => [$statement->moduleSize, $parsed->moduleSize],
            'limits' => [$statement->limits->toArray(), $parsed->limits->toArray()],
            'runtime.profile' => [$statement->profile, $parsed->profile],
            'job.requester' => [$statement->requester, $parsed->requester],
            'job.nonce' => [$statement->nonce, $parsed->nonce],
            'job.notAfter' => [$statement->notAfter?->milliseconds, $parsed->notAfter?->milliseconds],
            'input.args' => [$statement->argsDigest, ManifestText::listDigest($parsed->args)],
            'input.env' => [$statement->envDigest, ManifestText::listDigest($parsed->env)],
            'input.stdin' => [$statement->stdinDigest, $parsed->stdinDigest],
            'input.trees' => [array_map(get_object_vars(...), $statement->trees),
                array_map(get_object_vars(...), $parsed->inputs)],
        ];
        foreach ($pairs as $name => [$found, $expected]) {
            if ($found !== $expected) {
                return self::wrongJob("$name is not what the manifest has");
            }
        }

        return null;
    }

    private static function inconsistent(string $reason): Refusal
    {
        return new Refusal(Verdict::Inconsistent, $reason);
    }

    private static function wrongJob(string $reason): Refusal
    {
        return new Refusal(Verdict::WrongJob, $reason);
    }
}
