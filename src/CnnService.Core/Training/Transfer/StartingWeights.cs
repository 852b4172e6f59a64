using System.Security.Cryptography;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Training.Transfer;

/// <summary>Initial weights of a run that starts from another model.</summary>
public static class StartingWeights
{
    /// <summary>
    /// The freshly initialized weights, replaced by the starting model's wherever a tensor has the same name and shape. Problem codes:
    /// <c>model.not-found</c> where its file is missing or has changed, and those of <see cref="SafetensorsFile"/>.
    /// </summary>
    /// <param name="start">Null: the fresh weights are returned.</param>
    /// <param name="fresh">Initial weights of the network to train.</param>
    public static Outcome<NamedWeights> Initialize(StartingPoint? start, NamedWeights fresh)
    {
        ArgumentNullException.ThrowIfNull(fresh);
        if (start is null)
        {
            return fresh;
        }

        if (!IsUnchanged(start))
        {
            return Problem.NotFound(
                "model.not-found", $"The model '{start.Model}:{start.Version}' that this run starts from has been deleted.");
        }

        return SafetensorsFile.Read(start.WeightsFile).Bind<NamedWeights>(content =>
        {
            var weights = new NamedWeights();
            foreach (var (name, tensor) in fresh.All)
            {
                weights.Add(name,
                    content.Weights.TryGet(name, out var trained) && trained.Shape.SequenceEqual(tensor.Shape) ? trained : tensor);
            }

            return weights;
        });
    }

    private static bool IsUnchanged(StartingPoint start)
    {
        if (!File.Exists(start.WeightsFile))
        {
            return false;
        }

        using var stream = RegularFile.OpenRead(start.WeightsFile);
        return Convert.ToHexStringLower(SHA256.HashData(stream)) == start.WeightsHash;
    }
}
