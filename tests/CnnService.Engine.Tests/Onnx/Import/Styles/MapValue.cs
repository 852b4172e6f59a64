namespace CnnService.Engine.Tests.Onnx.Import.Styles;

/// <summary>A feature map <c>[N,C,H,W]</c> of a graph under construction.</summary>
internal readonly record struct MapValue(string Name, int Channels, int Height, int Width)
{
    public int Elements => Channels * Height * Width;
}
