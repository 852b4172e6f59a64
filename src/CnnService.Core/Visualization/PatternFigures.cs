namespace CnnService.Core.Visualization;

/// <summary>What a pattern achieved, measured on its 8-bit picture; see <see cref="PatternTile"/>.</summary>
public sealed record PatternFigures(
    int Filter,
    double Activation,
    double StartActivation,
    double NoiseActivation,
    int Iterations,
    int Size,
    int Seed,
    PatternStatus Status)
{
    internal static PatternFigures Of(PatternTile tile, int seed)
    {
        ArgumentNullException.ThrowIfNull(tile);
        return new(
            tile.Filter, tile.Activation, tile.StartActivation, tile.NoiseActivation, tile.Iterations, tile.Size, seed, tile.Status);
    }
}
