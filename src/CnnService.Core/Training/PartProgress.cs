namespace CnnService.Core.Training;

/// <summary>What a run is at.</summary>
/// <param name="Part">The part under way.</param>
/// <param name="Share">How much of the part is done, 0–1.</param>
/// <param name="Fraction">How much of the whole run is done, by time, 0–1; never less than before.</param>
/// <param name="SecondsLeft">Estimated for the whole run: by the speed of this part, and what the later ones are expected to take.</param>
/// <param name="ImagesPerSecond">Of this part since it began; 0 where images are not what it works on.</param>
/// <param name="Epochs">Epochs of the run, once they are other than those asked for; else null.</param>
public readonly record struct PartProgress(
    RunPart Part, double Share, double Fraction, double SecondsLeft, double ImagesPerSecond, int? Epochs = null);
