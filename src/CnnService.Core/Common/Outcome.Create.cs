namespace CnnService.Core.Common;

/// <summary>Creates outcomes whose value is typed as an interface, which C# does not convert implicitly.</summary>
public static class Outcome
{
    public static Outcome<T> Success<T>(T value) => new(value, null);
}
