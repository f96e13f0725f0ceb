from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workers', '0005_position_consent'),
    ]

    operations = [
        migrations.AddField(
            model_name='poolpolicy',
            name='copies_an_hour',
            field=models.PositiveSmallIntegerField(db_default=3, default=3, verbose_name='每小时最多下载几次个人数据'),
        ),
        migrations.AddField(
            model_name='poolpolicy',
            name='close_tries_an_hour',
            field=models.PositiveSmallIntegerField(db_default=5, default=5, verbose_name='注销账号每小时可输几次密码'),
        ),
        migrations.AddField(
            model_name='poolpolicy',
            name='close_minutes',
            field=models.PositiveSmallIntegerField(db_default=10, default=10, verbose_name='注销账号须在几分钟内再次确认'),
        ),
    ]
