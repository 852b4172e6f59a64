using CnnService.Core.Common;

namespace CnnService.Core.Training.Sweeps;

/// <summary>Which values each trial of a sweep has.</summary>
internal static class SweepTrials
{
    /// <summary>Combinations of all values, the last field changing fastest; their number must have been checked.</summary>
    public static IReadOnlyList<IReadOnlyList<TrialValue>> Grid(IReadOnlyList<SweptField> fields) => fields.Aggregate(
        (IReadOnlyList<IReadOnlyList<TrialValue>>)[[]],
        (trials, field) => [.. trials.SelectMany(trial => field.Ends.Select(value => (IReadOnlyList<TrialValue>)[.. trial, value]))]);

    /// <summary>How many trials a grid makes, counted no further than one above <paramref name="most"/>.</summary>
    public static int Count(IReadOnlyList<SweptField> fields, int most) =>
        (int)fields.Aggregate(1L, (count, field) => Math.Min(count * field.Ends.Count, most + 1L));

    /// <summary>Draws: a field's stream is its own, so that a further field changes no other's values.</summary>
    public static IReadOnlyList<IReadOnlyList<TrialValue>> Random(IReadOnlyList<SweptField> fields, int trials, long seed) =>
        [.. Enumerable.Range(0, trials).Select(trial => (IReadOnlyList<TrialValue>)[.. fields.Select(field => Draw(field, trial, seed))])];

    /// <summary>
    /// Trials that stand for all that could be drawn: the first, with each field in turn at each of its ends. Where these hold,
    /// what is drawn between holds too.
    /// </summary>
    public static IEnumerable<IReadOnlyList<TrialValue>> Probes(IReadOnlyList<SweptField> fields, IReadOnlyList<TrialValue> first) =>
        from place in Enumerable.Range(0, fields.Count)
        from end in fields[place].Ends
        select (IReadOnlyList<TrialValue>)[.. first.Take(place), end, .. first.Skip(place + 1)];

    private static TrialValue Draw(SweptField field, int trial, long seed)
    {
        var path = CounterRandom.Hash([.. field.Path.Text.Select(letter => (ulong)letter)]);
        var random = new CounterRandom((ulong)seed, (ulong)trial, path);
        return field.Draw(ref random);
    }
}
