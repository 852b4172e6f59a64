using CnnService.Core.Common;
using CnnService.Core.Interpretation.Attribution;
using CnnService.Core.Interpretation.Classes;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Models;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Benchmarks;

/// <summary>What a scenario without a service works on: a model folder and a folder of images.</summary>
internal static class AtHand
{
    /// <exception cref="InvalidOperationException">The folder is no model folder.</exception>
    public static LoadedModel Model(string folder)
    {
        var loaded = ModelPackage.Load(Path.GetFileName(folder), 1, Path.GetFullPath(folder));
        return loaded.Succeeded ? loaded.Value : throw new InvalidOperationException(loaded.Problem.Detail);
    }

    public static Explainer Explainer(IServiceProvider services) =>
        new(services.GetRequiredService<IClassGradients>(), services.GetRequiredService<IServedScores>(),
            services.GetRequiredService<IFeatureMapReader>());

    /// <summary>Where a map is largest, and the value there.</summary>
    public static (int X, int Y, double Value) Peak(Explanation map)
    {
        var peak = Enumerable.Range(0, map.Values.Count).MaxBy(place => map.Values[place]);
        return (peak % map.Width, peak / map.Width, map.Values[peak]);
    }

    /// <summary>The image files of a folder and those in it, in an order that has nothing to do with their names and is always
    /// the same.</summary>
    /// <param name="folder">Of them.</param>
    /// <param name="endings">Such as <c>.jpg</c>.</param>
    public static string[] Shuffled(string folder, params string[] endings)
    {
        string[] files =
        [
            .. Directory.GetFiles(folder, "*.*", SearchOption.AllDirectories)
                .Where(file => endings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal))).Order(StringComparer.Ordinal),
        ];
        new CounterRandom(1).Shuffle(files.AsSpan());
        return files;
    }
}
