using CnnService.Core.Common;

namespace CnnService.Core.Training.Sweeps;

/// <summary>Lists the values of each trial of a sweep.</summary>
internal static class SweepTrials
{
    /// <summary>All combinations of values, the last field changing fastest. The caller checks their number first.</summary>
    public static IReadOnlyList<IReadOnlyList<TrialValue>> Grid(IReadOnlyList<SweptField> fields) => fields.Aggregate(
        (IReadOnlyList<IReadOnlyList<TrialValue>>)[[]],
        (trials, field) => [.. trials.SelectMany(trial => field.Ends.Select(value => (IReadOnlyList<TrialValue>)[.. trial, value]))]);

    /// <summary>Number of combinations in a grid, counted up to one above <paramref name="limit"/>.</summary>
    public static int Count(IReadOnlyList<SweptField> fields, int limit) =>
        (int)fields.Aggregate(1L, (count, field) => Math.Min(count * field.Ends.Count, limit + 1L));

    /// <summary>
    /// Draws the values of random search. Each field has a random stream of its own, so that adding a field changes no other's values.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<TrialValue>> Random(IReadOnlyList<SweptField> fields, int trials, long seed) =>
        [.. Enumerable.Range(0, trials).Select(trial => (IReadOnlyList<TrialValue>)[.. fields.Select(field => Draw(field, trial, seed))])];

    /// <summary>
    /// Trials that stand for everything that can be drawn: the first trial, with one field at a time set to each of its ends. If these are
    /// valid, so is every value between.
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
