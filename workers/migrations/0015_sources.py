import uuid

import django.contrib.postgres.fields
import django.core.serializers.json
import django.db.models.deletion
from django.db import migrations, models

import workers.models.partner_access


class Migration(migrations.Migration):

    dependencies = [
        ('workers', '0014_learning'),
    ]

    operations = [
        migrations.CreateModel(
            name='PartnerSecret',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('key', models.CharField(max_length=16, verbose_name='密钥名')),
                ('content', models.BinaryField(verbose_name='密文')),
            ],
            options={
                'verbose_name': '渠道密钥密文',
                'verbose_name_plural': '渠道密钥密文',
            },
        ),
        migrations.CreateModel(
            name='SourcePolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('requests_a_minute', models.PositiveSmallIntegerField(default=60, verbose_name='每个密钥每分钟请求数')),
                ('batch_rows', models.PositiveSmallIntegerField(default=500, verbose_name='一次最多提交几条报名')),
                ('sandbox_days', models.PositiveSmallIntegerField(default=7, verbose_name='测试报名保留天数')),
                ('hook_days', models.PositiveSmallIntegerField(default=3, verbose_name='通知几天送不到就放弃')),
                ('overlap_hours', models.PositiveSmallIntegerField(default=48, verbose_name='更换签名密钥后旧密钥还有效几小时')),
                ('delivery_days', models.PositiveSmallIntegerField(default=90, verbose_name='通知记录保留天数')),
                ('import_megabytes', models.PositiveSmallIntegerField(default=20, verbose_name='导入文件最大几 MB')),
                ('import_rows', models.PositiveIntegerField(default=10000, verbose_name='导入文件最多几行')),
                ('import_days', models.PositiveSmallIntegerField(default=14, verbose_name='导入文件保留天数')),
                ('stay_days', models.PositiveSmallIntegerField(default=90, verbose_name='来源报表：多少天后仍在岗')),
                ('stay_window_days', models.PositiveSmallIntegerField(default=30, verbose_name='来源报表：期满前几天内上过岗才算在岗')),
            ],
            options={
                'verbose_name': '来源参数',
                'verbose_name_plural': '来源参数',
            },
        ),
        migrations.CreateModel(
            name='ImportFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='文件名')),
                ('file', models.CharField(blank=True, max_length=200)),
                ('digest', models.CharField(db_index=True, max_length=64)),
                ('encoding', models.CharField(max_length=20, verbose_name='编码')),
                ('delimiter', models.CharField(blank=True, max_length=1, verbose_name='分隔符')),
                ('head', models.JSONField(default=list, verbose_name='表头')),
                ('mapping', models.JSONField(default=dict, verbose_name='列对应')),
                ('source', models.CharField(choices=[('direct', '自主报名'), ('student', '高校学生'), ('training', '培训机构'), ('career', '转行人员'), ('partner', '合作渠道')], default='partner', max_length=8, verbose_name='来源')),
                ('rows', models.PositiveIntegerField(verbose_name='行数')),
                ('created_at', models.DateTimeField(verbose_name='上传时间')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='开始时间')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='完成时间')),
                ('offset', models.BigIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0, verbose_name='已处理')),
                ('added', models.PositiveIntegerField(default=0, verbose_name='新增')),
                ('unchanged', models.PositiveIntegerField(default=0, verbose_name='无变化')),
                ('possible', models.PositiveIntegerField(default=0, verbose_name='可能重复')),
                ('bad', models.PositiveIntegerField(default=0, verbose_name='有错误')),
                ('partner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='imports', to='workers.partner', verbose_name='渠道')),
            ],
            options={
                'verbose_name': '导入文件',
                'verbose_name_plural': '导入文件',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='PartnerFee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('paid_on', models.DateField(verbose_name='付款日期')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=10, verbose_name='金额（元）')),
                ('note', models.CharField(blank=True, max_length=120, verbose_name='说明')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fees', to='workers.partner')),
            ],
            options={
                'verbose_name': '渠道费用',
                'verbose_name_plural': '渠道费用',
                'ordering': ['-paid_on', '-id'],
            },
        ),
        migrations.CreateModel(
            name='PartnerHook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.CharField(max_length=500, verbose_name='接收地址')),
                ('is_active', models.BooleanField(default=True, verbose_name='启用')),
                ('partner', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='hook', to='workers.partner', verbose_name='渠道')),
            ],
            options={
                'verbose_name': '渠道通知地址',
                'verbose_name_plural': '渠道通知地址',
            },
        ),
        migrations.CreateModel(
            name='PartnerKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key_id', models.CharField(default=workers.models.partner_access.new_key_id, max_length=40, unique=True, verbose_name='密钥编号')),
                ('sandbox', models.BooleanField(default=False, verbose_name='测试用')),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('applications:write', '提交报名'), ('applications:read', '查看报名进度')], max_length=20), size=None, verbose_name='权限')),
                ('per_minute', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='每分钟请求数')),
                ('created_at', models.DateTimeField(verbose_name='创建时间')),
                ('last_used_at', models.DateTimeField(blank=True, null=True, verbose_name='最近使用')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='停用时间')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keys', to='workers.partner', verbose_name='渠道')),
                ('secret', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workers.partnersecret', verbose_name='密钥')),
            ],
            options={
                'verbose_name': '渠道密钥',
                'verbose_name_plural': '渠道密钥',
                'ordering': ['revoked_at', '-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='SandboxApplication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.BinaryField(max_length=32)),
                ('external_id', models.CharField(blank=True, max_length=64, verbose_name='对方编号')),
                ('created_at', models.DateTimeField(db_index=True, verbose_name='时间')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workers.partner')),
            ],
            options={
                'verbose_name': '测试报名',
                'verbose_name_plural': '测试报名',
                'constraints': [
                    models.UniqueConstraint(fields=('partner', 'digest'), name='one_sandbox_a_phone'),
                    models.UniqueConstraint(
                        condition=models.Q(('external_id', ''), _negated=True),
                        fields=('partner', 'external_id'),
                        name='one_sandbox_a_reference',
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveIntegerField(verbose_name='行号')),
                ('offset', models.BigIntegerField()),
                ('outcome', models.CharField(choices=[('added', '新增'), ('unchanged', '无变化'), ('possible', '可能重复'), ('bad', '有错误')], max_length=9, verbose_name='结果')),
                ('errors', models.JSONField(blank=True, default=dict, verbose_name='错误')),
                ('application', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workers.application')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='results', to='workers.importfile')),
            ],
            options={
                'verbose_name': '导入结果',
                'verbose_name_plural': '导入结果',
                'ordering': ['line'],
                'indexes': [models.Index(fields=['file', 'outcome', 'line'], name='import_outcomes')],
                'constraints': [models.UniqueConstraint(fields=('file', 'line'), name='one_result_a_line')],
            },
        ),
        migrations.CreateModel(
            name='PartnerDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='编号')),
                ('key', models.CharField(max_length=100, unique=True, verbose_name='去重键')),
                ('kind', models.CharField(max_length=40, verbose_name='事件')),
                ('body', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='内容')),
                ('created_at', models.DateTimeField(verbose_name='时间')),
                ('since', models.DateTimeField(verbose_name='开始投递')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='次数')),
                ('next_at', models.DateTimeField(blank=True, null=True, verbose_name='下次投递')),
                ('delivered_at', models.DateTimeField(blank=True, null=True, verbose_name='送达时间')),
                ('given_up_at', models.DateTimeField(blank=True, null=True, verbose_name='放弃时间')),
                ('last_error', models.CharField(blank=True, max_length=200, verbose_name='最近错误')),
                ('application', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workers.application')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='workers.partner')),
            ],
            options={
                'verbose_name': '渠道通知',
                'verbose_name_plural': '渠道通知',
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(fields=['partner', '-created_at'], name='delivery_of_partner')],
            },
        ),
        migrations.CreateModel(
            name='PartnerNonce',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nonce', models.CharField(max_length=64)),
                ('at', models.DateTimeField(db_index=True)),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workers.partnerkey')),
            ],
            options={
                'verbose_name': '用过的随机串',
                'verbose_name_plural': '用过的随机串',
                'constraints': [models.UniqueConstraint(fields=('key', 'nonce'), name='one_use_a_nonce')],
            },
        ),
        migrations.CreateModel(
            name='PartnerReference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(max_length=64, verbose_name='对方编号')),
                ('application', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='reference', to='workers.application')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workers.partner')),
            ],
            options={
                'verbose_name': '渠道编号',
                'verbose_name_plural': '渠道编号',
                'constraints': [models.UniqueConstraint(fields=('partner', 'external_id'), name='one_application_a_reference')],
            },
        ),
        migrations.CreateModel(
            name='HookSecret',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField(verbose_name='创建时间')),
                ('ends_at', models.DateTimeField(blank=True, null=True, verbose_name='失效时间')),
                ('hook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='secrets', to='workers.partnerhook')),
                ('secret', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workers.partnersecret')),
            ],
            options={
                'verbose_name': '通知签名密钥',
                'verbose_name_plural': '通知签名密钥',
                'ordering': ['-made_at', '-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ends_at', None)), fields=('hook',), name='one_lasting_hook_secret')],
            },
        ),
    ]
