using System.Globalization;
using System.Text;

namespace CnnService.Studio.Pages.Tour.Figures;

/// <summary>A curve of values as the path of an SVG.</summary>
internal static class CurvePath
{
    /// <summary>From the first value at the left to the last at the right; a missing value breaks the curve.</summary>
    /// <param name="values">Each 0–1, upwards.</param>
    /// <param name="count">Values that the whole width stands for, from 2.</param>
    /// <param name="width">Of the figure.</param>
    /// <param name="height">Of the figure.</param>
    public static string Of(IReadOnlyList<double?> values, int count, double width, double height)
    {
        ArgumentNullException.ThrowIfNull(values);
        var path = new StringBuilder();
        var isBroken = true;
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] is not { } value)
            {
                isBroken = true;
                continue;
            }

            var x = i * width / Math.Max(1, count - 1);
            path.Append(CultureInfo.InvariantCulture, $"{(isBroken ? 'M' : 'L')}{x:0.#} {height * (1 - value):0.#}");
            isBroken = false;
        }

        return path.ToString();
    }
}
