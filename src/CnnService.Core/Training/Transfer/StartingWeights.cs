using System.Security.Cryptography;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Training.Transfer;

/// <summary>The weights a run begins with, where it does not begin with random ones alone.</summary>
public static class StartingWeights
{
    /// <summary>
    /// The fresh weights, those that the starting model has too taken from it, by name and shape. Problem codes:
    /// <c>model.not-found</c> where it is gone or another, and those of <see cref="SafetensorsFile"/>.
    /// </summary>
    /// <param name="start">Null: the fresh ones.</param>
    /// <param name="fresh">Of the network to train.</param>
    public static Outcome<NamedWeights> Over(StartingPoint? start, NamedWeights fresh)
    {
        ArgumentNullException.ThrowIfNull(fresh);
        if (start is null)
        {
            return fresh;
        }

        if (!IsThere(start))
        {
            return Problem.NotFound("model.not-found", $"The model '{start.Model}:{start.Version}' that this run starts from is gone.");
        }

        return SafetensorsFile.Read(start.WeightsFile).Bind<NamedWeights>(content =>
        {
            var weights = new NamedWeights();
            foreach (var (name, tensor) in fresh.All)
            {
                weights.Add(name, content.Weights.TryGet(name, out var trained) && trained.Shape.SequenceEqual(tensor.Shape) ? trained : tensor);
            }

            return weights;
        });
    }

    private static bool IsThere(StartingPoint start)
    {
        if (!File.Exists(start.WeightsFile))
        {
            return false;
        }

        using var stream = File.OpenRead(start.WeightsFile);
        return Convert.ToHexStringLower(SHA256.HashData(stream)) == start.WeightsHash;
    }
}
