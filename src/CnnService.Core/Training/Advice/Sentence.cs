using System.Globalization;

namespace CnnService.Core.Training.Advice;

/// <summary>Formats sentences with invariant numbers.</summary>
internal static class Sentence
{
    public static string Write(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
