namespace CnnService.Core.Models;

/// <summary>The input of an imported ONNX file, whose values are what the served network takes.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="IsChannelsLast">Its layout is <c>[N,H,W,C]</c> instead of <c>[N,C,H,W]</c>.</param>
/// <param name="IsBytes">It takes unsigned bytes instead of float32.</param>
public sealed record FileInput(string Name, bool IsChannelsLast, bool IsBytes);
