using System.Text.Json;
using System.Text.Json.Nodes;
using CnnService.Core.Common;

namespace CnnService.Core.Training.Sweeps;

/// <summary>Parses a sweep and checks every rule that does not need its data set; <see cref="SweepPlanner"/> checks the rest.</summary>
public static class SweepReader
{
    private const int MaxBase = 200_000;

    /// <summary>Maximum number of values in all lists of a random search, each of which is checked.</summary>
    private const int MaxListed = 2048;

    /// <summary>Maximum length of all requests that are checked, in characters: it bounds time and memory before the work begins.</summary>
    private const long MaxWork = 16L << 20;

    private const long MaxSeed = (1L << 53) - 1;

    /// <summary>The sweep and its trials; null if errors prevent listing them. Every broken rule is added to the errors.</summary>
    /// <param name="body">Body of the request.</param>
    /// <param name="limits">Limits of the service.</param>
    /// <param name="errors">Collects errors under their JSON paths.</param>
    public static SweepDraft? Read(JsonElement body, SweepLimits limits, ValidationErrors errors)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(errors);
        if (JsonFieldReader.Read<SweepRequest>(body, errors) is not { } request)
        {
            return null;
        }

        CheckSettings(request, limits, errors);
        if (Base(request.Base, errors) is not { } common)
        {
            return null;
        }

        var reader = new SweptFieldReader(common, errors);
        return (Given(request.Grid), request.Random) switch
        {
            ({ } grid, null) => Grid(request, common, reader.Read(grid, "grid", ranges: false), limits, errors),
            (null, { } random) => Random(request, common, reader.Read(random.Fields, "random.fields", ranges: true), limits, errors),
            // The error has been added already.
            (null, null) when body.TryGetProperty("random", out var broken) && broken.ValueKind != JsonValueKind.Null => null,
            _ => Neither(errors),
        };
    }

    private static void CheckSettings(SweepRequest request, SweepLimits limits, ValidationErrors errors)
    {
        errors.Require(request.Name is null || ResourceName.IsClass(request.Name), "name",
            $"{ResourceName.ClassRule}, received \"{request.Name}\"");
        errors.Between(request.Parallel, 1, limits.Parallel, "parallel");
        errors.Between(request.Halving?.Factor ?? 2, 2, 8, "halving.factor");
        errors.Between(request.Halving?.FirstEpochs ?? 1, 1, 10_000, "halving.firstEpochs");
        errors.Between(request.Random?.Trials ?? 1, 1, limits.Trials, "random.trials");
        errors.Between(request.Random?.Seed ?? 0, 0, MaxSeed, "random.seed");
    }

    private static JsonObject? Base(JsonElement? json, ValidationErrors errors)
    {
        if (json is not { ValueKind: JsonValueKind.Object } given)
        {
            errors.Add("base",
                json is null or { ValueKind: JsonValueKind.Null }
                ? "must be given"
                : $"must be an object, received {ReceivedText.Json(json.Value)}");
            return null;
        }

        if (!errors.Require(given.GetRawText().Length <= MaxBase, "base",
            $"must be at most {MaxBase} characters long, received {given.GetRawText().Length}"))
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(given.GetRawText(), documentOptions: new() { AllowDuplicateProperties = false })!.AsObject();
        }
        catch (JsonException)
        {
            errors.Add("base", "must give each name once");
            return null;
        }
    }

    private static JsonElement? Given(JsonElement? json) => json is { ValueKind: not JsonValueKind.Null } ? json : null;

    private static SweepDraft? Grid(
        SweepRequest request, JsonObject common, IReadOnlyList<SweptField> fields, SweepLimits limits, ValidationErrors errors)
    {
        var count = SweepTrials.Count(fields, limits.Trials);
        var fits = errors.Require(count <= limits.Trials, "grid", $"makes more than {limits.Trials} trials, the most a sweep may have");
        return fits && fields.Count > 0 && IsAffordable(request, fields, count, errors)
            ? new(request, common, fields, SweepTrials.Grid(fields), [])
            : null;
    }

    private static SweepDraft? Random(
        SweepRequest request, JsonObject common, IReadOnlyList<SweptField> fields, SweepLimits limits, ValidationErrors errors)
    {
        var random = request.Random!;
        var ends = fields.Sum(field => field.Ends.Count);
        var fits = errors.Require(ends <= MaxListed, "random.fields",
            $"must list at most {MaxListed} values in all, received {ends}");
        if (!fits || fields.Count == 0 || random.Trials < 1 || random.Trials > limits.Trials
            || !IsAffordable(request, fields, random.Trials + ends, errors))
        {
            return null;
        }

        var trials = SweepTrials.Random(fields, random.Trials, Math.Max(0, random.Seed));
        return new(request, common, fields, trials, [.. SweepTrials.Probes(fields, trials[0])]);
    }

    /// <summary>Whether the requests of all trials and probes can be checked in a short time.</summary>
    private static bool IsAffordable(SweepRequest request, IReadOnlyList<SweptField> fields, int requests, ValidationErrors errors)
    {
        var longest = request.Base!.Value.GetRawText().Length
            + fields.Sum(field => field.Ends.Max(end => (long)end.Value.GetRawText().Length));
        return errors.Require(longest * requests <= MaxWork, "base",
            $"must be shorter, or the sweep smaller: {requests} requests of up to {longest} characters are to be checked, of which "
            + $"{MaxWork} characters may be checked in all");
    }

    private static SweepDraft? Neither(ValidationErrors errors)
    {
        errors.Add("grid", "one of grid and random must be given, and not both");
        return null;
    }
}

/// <summary>Limits of the service.</summary>
/// <param name="Trials">Most trials in a sweep.</param>
/// <param name="Parallel">Most trials running at a time.</param>
public sealed record SweepLimits(int Trials, int Parallel);
