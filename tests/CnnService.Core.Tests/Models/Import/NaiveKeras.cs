using CnnService.Core.Models;

namespace CnnService.Core.Tests.Models.Import;

/// <summary>Keras's layouts written and computed the plain way, index by index, as the reference to judge imports by.</summary>
internal static class NaiveKeras
{
    /// <summary><c>[out,in,h,w]</c> to <c>[h,w,in,out]</c>.</summary>
    public static WeightTensor Kernel(WeightTensor ours)
    {
        var (filters, channels, height, width) = (ours.Shape[0], ours.Shape[1], ours.Shape[2], ours.Shape[3]);
        var data = new List<float>();
        for (var h = 0; h < height; h++)
        {
            for (var w = 0; w < width; w++)
            {
                for (var c = 0; c < channels; c++)
                {
                    for (var f = 0; f < filters; f++)
                    {
                        data.Add(ours.Data[(((((f * channels) + c) * height) + h) * width) + w]);
                    }
                }
            }
        }

        return new([height, width, channels, filters], [.. data]);
    }

    /// <summary><c>[out,in]</c> to <c>[in,out]</c>.</summary>
    public static WeightTensor Dense(WeightTensor ours)
    {
        var data = new List<float>();
        for (var i = 0; i < ours.Shape[1]; i++)
        {
            for (var o = 0; o < ours.Shape[0]; o++)
            {
                data.Add(ours.Data[(o * ours.Shape[1]) + i]);
            }
        }

        return new([ours.Shape[1], ours.Shape[0]], [.. data]);
    }

    /// <summary>A map <c>[H,W,C]</c> flattened as it lies, then a dense layer with a kernel <c>[in,out]</c>.</summary>
    public static float[] FlattenAndDense(float[,,] map, float[] kernel, float[] bias)
    {
        var result = (float[])bias.Clone();
        var place = 0;
        for (var h = 0; h < map.GetLength(0); h++)
        {
            for (var w = 0; w < map.GetLength(1); w++)
            {
                for (var c = 0; c < map.GetLength(2); c++, place++)
                {
                    for (var o = 0; o < bias.Length; o++)
                    {
                        result[o] += map[h, w, c] * kernel[(place * bias.Length) + o];
                    }
                }
            }
        }

        return result;
    }

    /// <summary>The same map flattened as <c>[C,H,W]</c>, and a dense layer with weights <c>[out,in]</c>.</summary>
    public static float[] OurFlattenAndDense(float[,,] map, WeightTensor weight, float[] bias)
    {
        var result = (float[])bias.Clone();
        for (var o = 0; o < bias.Length; o++)
        {
            var place = 0;
            for (var c = 0; c < map.GetLength(2); c++)
            {
                for (var h = 0; h < map.GetLength(0); h++)
                {
                    for (var w = 0; w < map.GetLength(1); w++, place++)
                    {
                        result[o] += map[h, w, c] * weight.Data[(o * weight.Shape[1]) + place];
                    }
                }
            }
        }

        return result;
    }
}
