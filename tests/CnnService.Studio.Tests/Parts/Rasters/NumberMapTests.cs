using System.Buffers.Binary;
using System.Text;
using CnnService.Studio.Parts.Rasters;

namespace CnnService.Studio.Tests.Parts.Rasters;

public sealed class NumberMapTests
{
    [Fact]
    public void OfNpy_FileOfNumPy_IsItsMap()
    {
        var map = NumberMap.OfNpy(Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 1, 2, 3, 4, 5, 6.5f));

        Assert.Equal((2, 3), (map.Height, map.Width));
        Assert.Equal(6.5f, map[1, 2]);
    }

    [Theory]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }")]
    public void OfNpy_OtherContent_IsRefused(string header) => Assert.Throws<FormatException>(() => NumberMap.OfNpy(Npy(header, 1, 2)));

    [Fact]
    public void OfNpy_NoNumPyFile_IsRefused() => Assert.Throws<FormatException>(() => NumberMap.OfNpy([1, 2, 3]));

    [Fact]
    public void ToAddress_OfHeat_IsNothingWhereNothingSpeaks() => Assert.Null(HeatLayer.ToAddress(new([0, 0, 0, 0], 2)));

    private static byte[] Npy(string header, params float[] values)
    {
        var text = Encoding.ASCII.GetBytes(header.PadRight(117) + "\n");
        var file = new byte[10 + text.Length + (4 * values.Length)];
        byte[] start = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, (byte)text.Length, 0];
        start.CopyTo(file, 0);
        text.CopyTo(file, 10);
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(10 + text.Length + (4 * i)), values[i]);
        }

        return file;
    }
}
