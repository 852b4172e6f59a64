namespace CnnService.Core.Common;

/// <summary>Creates outcomes where C# does not convert implicitly: of values typed as an interface, of many at once.</summary>
public static class Outcome
{
    public static Outcome<T> Success<T>(T value) => new(value, null);

    /// <summary>Every value, or the first problem; what comes after that is not asked for.</summary>
    public static Outcome<IReadOnlyList<T>> All<T>(IEnumerable<Outcome<T>> outcomes)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        var values = new List<T>();
        foreach (var outcome in outcomes)
        {
            if (!outcome.Succeeded)
            {
                return outcome.Problem;
            }

            values.Add(outcome.Value);
        }

        return Success<IReadOnlyList<T>>(values);
    }
}
