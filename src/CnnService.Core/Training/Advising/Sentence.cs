using System.Globalization;

namespace CnnService.Core.Training.Advising;

/// <summary>Sentences whose numbers are written the same everywhere.</summary>
internal static class Sentence
{
    public static string Of(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
