using CnnService.Core.Common;

namespace CnnService.Benchmarks.Hostile;

/// <summary>Breaks files of any format in a few places.</summary>
internal static class FileMutations
{
    private const int Mutations = 3;

    /// <summary>A copy with one to three faults.</summary>
    public static byte[] Mutate(byte[] file, ref CounterRandom random)
    {
        var bytes = file.ToList();
        for (var count = 1 + random.NextInt32(Mutations); count > 0 && bytes.Count > 1; count--)
        {
            var place = Place(bytes.Count, ref random);
            switch (random.NextInt32(16))
            {
                case 0:
                    bytes.RemoveRange(place, bytes.Count - place);
                    break;
                case 1:
                    bytes[place] = (byte)random.NextInt32(256);
                    break;
                case 2: // A length or a dimension that asks for more.
                    bytes[place] = (byte)(0x80 | random.NextInt32(128));
                    bytes.InsertRange(Math.Min(place + 1, bytes.Count), Enumerable.Repeat((byte)0xFF, random.NextInt32(5)));
                    break;
                case 3:
                    bytes.RemoveRange(place, Math.Min(1 + random.NextInt32(16), bytes.Count - place));
                    break;
                case 4:
                    bytes.InsertRange(place, bytes.GetRange(place, Math.Min(1 + random.NextInt32(64), bytes.Count - place)));
                    break;
                case 5:
                    bytes[place] = bytes[Place(bytes.Count, ref random)];
                    break;
                default:
                    bytes[place] ^= (byte)(1 << random.NextInt32(8));
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>Half of them near the beginning or the end, where the structure is: the middle is weights.</summary>
    private static int Place(int length, ref CounterRandom random) => random.NextInt32(4) switch
    {
        0 => random.NextInt32(Math.Min(length, 400)),
        1 => length - 1 - random.NextInt32(Math.Min(length, 400)),
        _ => random.NextInt32(length),
    };
}
